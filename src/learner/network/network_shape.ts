import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import { parseOptions } from '../../options.js';

/** A sample is (C, T, V, M): coordinates, frames, points (or muscles), faces; a batch (N, C, T, V, M). */
const networkShapeSchema = z.strictObject({
  /** Output channels of each layer in units of `blockSize`; its length is the number of layers. */
  topology: z.array(z.int().min(1)).min(1),
  blockSize: z.int().min(1),
  inChannels: z.int().min(1),
  numPoint: z.int().min(1),
  numPerson: z.int().min(1),
  /** K, the classes that are told apart. */
  numClass: z.int().min(2),
  /**
   * For each output of the last layer its class, where several outputs stand for one class (see `classLogits`); empty: one
   * output for each class.
   */
  classOfOutput: z.array(z.int().min(0)).default([]),
  /** Probability of dropping an element of a layer's input, in training and in Monte Carlo dropout. */
  dropoutRate: z.number().min(0).max(0.9).default(0.2),
});

export type NetworkShape = z.output<typeof networkShapeSchema>;

/** @throws InvalidInputError naming the field that is missing or out of its range */
export function parseNetworkShape(value: unknown, origin: string): NetworkShape {
  const shape = parseOptions(networkShapeSchema, value, origin);
  const { classOfOutput, numClass } = shape;
  const without = Array.from({ length: numClass }, (_, k) => k).find((k) => !classOfOutput.includes(k));
  if (classOfOutput.length > 0 && (without !== undefined || classOfOutput.some((k) => k >= numClass))) {
    const expected = `classes from 0 to ${numClass - 1}, each at least once`;
    throw new InvalidInputError('classOfOutput', classOfOutput, expected, origin);
  }
  return shape;
}

/** Outputs of the last layer: rows of fc.weight. */
export function outputCount({ numClass, classOfOutput }: Pick<NetworkShape, 'numClass' | 'classOfOutput'>): number {
  return classOfOutput.length > 0 ? classOfOutput.length : numClass;
}

/** Numbers of one spatio-temporal bilinear layer. */
export interface LayerShape {
  /** Name in the state_dict: l0, l1, ... */
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Stride of the temporal convolution. */
  readonly stride: number;
  /** How the layer's input is added to its output. */
  readonly residual: 'none' | 'identity' | 'convolution';
}

/** Layers whose temporal convolution halves the number of frames (counted from 0). */
const STRIDED_LAYERS = new Set([4, 7]);

/** The layers that a topology stands for (PST-BLN, Heidari and Iosifidis 2021, section III). */
export function layerShapes(shape: NetworkShape): LayerShape[] {
  return shape.topology.map((blocks, index) => {
    const inChannels = index === 0 ? shape.inChannels : shape.topology[index - 1]! * shape.blockSize;
    const outChannels = blocks * shape.blockSize;
    const stride = STRIDED_LAYERS.has(index) ? 2 : 1;
    const residual = index === 0 ? 'none' : inChannels === outChannels && stride === 1 ? 'identity' : 'convolution';
    return { name: `l${index}`, inChannels, outChannels, stride, residual };
  });
}

/** Frames that are left of `frames` after a temporal convolution of this stride (kernel 9 with padding 4, or 1). */
export function framesAfter(frames: number, stride: number): number {
  return Math.floor((frames - 1) / stride) + 1;
}
