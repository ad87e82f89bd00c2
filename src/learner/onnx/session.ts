import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { z } from 'zod';
import { errorMessage, InvalidInputError } from '../../errors.js';

/** 'auto' takes CUDA where onnxruntime can, else the CPU. */
export const deviceSchema = z.enum(['cpu', 'cuda', 'webgpu', 'auto']);
export type Device = z.output<typeof deviceSchema>;

export type FeedTensor = ort.Tensor;
export type Session = ort.InferenceSession;

export interface SessionOptions {
  readonly device: Device;
  /** Threads of one run; 0 takes all cores. */
  readonly threads: number;
}

/**
 * Opens a graph with onnxruntime on a device.
 *
 * @throws InvalidInputError where the device is not to be had, or the bytes are not a model (naming `origin`)
 */
export async function openSession(model: Uint8Array, options: SessionOptions, origin: string): Promise<Session> {
  const providers = options.device === 'auto' ? availableProviders() : [options.device];
  const failures: string[] = [];
  for (const provider of providers) {
    try {
      return await ort.InferenceSession.create(model, {
        executionProviders: [provider],
        ...(options.threads > 0 ? { intraOpNumThreads: options.threads } : {}),
        logSeverityLevel: 4,
      });
    } catch (error) {
      failures.push(errorMessage(error));
    }
  }
  if (options.device === 'cpu' || options.device === 'auto') {
    throw new InvalidInputError('the model', failures.join('; '), 'a graph that onnxruntime accepts', origin);
  }
  throw new InvalidInputError(
    'device',
    options.device,
    `a device that onnxruntime finds here (${failures[0]})`,
    origin,
  );
}

/** What 'auto' tries, best first: asking for CUDA where its library is not installed would log errors. */
function availableProviders(): string[] {
  return cudaIsInstalled() ? ['cuda', 'cpu'] : ['cpu'];
}

/** Whether onnxruntime-node's install step has fetched its CUDA provider. */
function cudaIsInstalled(): boolean {
  const folder = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')), 'bin');
  const library = /providers_cuda\.(so|dll)$/;
  return existsSync(folder) && readdirSync(folder, { recursive: true }).some((file) => library.test(String(file)));
}

export function floatTensor(values: Float32Array, dims: readonly number[]): FeedTensor {
  return new ort.Tensor('float32', values, dims);
}

export function intScalar(value: number): FeedTensor {
  return new ort.Tensor('int64', BigInt64Array.of(BigInt(value)), []);
}

export function floatScalar(value: number): FeedTensor {
  return new ort.Tensor('float32', Float32Array.of(value), []);
}

/** A mask of 0 and 1, one byte each. */
export function maskTensor(values: Uint8Array, dims: readonly number[]): FeedTensor {
  return new ort.Tensor('bool', values, dims);
}

/** One float32 result of a run. */
export function floatResult(results: ort.InferenceSession.ReturnType, name: string): Float32Array {
  const tensor = results[name];
  if (tensor === undefined || !(tensor.data instanceof Float32Array))
    throw new Error(`the graph has no float32 result ${name}`);
  return tensor.data;
}
