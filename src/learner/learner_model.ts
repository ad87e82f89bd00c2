import { InvalidInputError } from '../errors.js';
import { parseOptions } from '../options.js';
import { datasetClasses } from './checkpoint/dataset_classes.js';
import { type InferenceParams, inferenceParamsSchema } from './checkpoint/metadata.js';
import { type NetworkShape, parseNetworkShape } from './network/network_shape.js';
import type { NetworkState } from './network/network_state.js';
import type { ParsedLearnerOptions } from './options.js';

/** What a learner has learned: a network that can be trained on, or one that was optimized for inference. */
export type LearnerModel =
  | { readonly kind: 'network'; readonly state: NetworkState; readonly params: InferenceParams }
  | { readonly kind: 'optimized'; readonly bytes: Uint8Array; readonly params: InferenceParams };

/** Where the options of the constructor come from, for errors. */
export const CONSTRUCTOR = "the learner's constructor";

/**
 * The shape of a network by the options.
 *
 * @throws InvalidInputError where the topology is empty
 */
export function shapeOf(options: ParsedLearnerOptions, topology: readonly number[]): NetworkShape {
  const { blockSize, inChannels, numPoint, numPerson, numClass, classOfOutput, dropoutRate } = options;
  return parseNetworkShape(
    { topology, blockSize, inChannels, numPoint, numPerson, numClass, classOfOutput, dropoutRate },
    CONSTRUCTOR,
  );
}

/**
 * What inference needs to know of a network that is made by the options.
 *
 * @throws InvalidInputError where the classes are not as many as numClass says
 */
export function paramsOf(options: ParsedLearnerOptions, shape: NetworkShape, frames: number): InferenceParams {
  const { classes, numClass, datasetName } = options;
  if (classes.length > 0 && classes.length !== numClass) {
    throw new InvalidInputError('classes', classes, `${numClass} names, as numClass says`, CONSTRUCTOR);
  }
  const params = {
    classes: classes.length > 0 ? classes : datasetClasses(datasetName, numClass),
    ...(shape.classOfOutput.length > 0 ? { class_of_output: shape.classOfOutput } : {}),
    block_size: shape.blockSize,
    topology: shape.topology,
    in_channels: shape.inChannels,
    num_frames: frames,
    num_point: shape.numPoint,
    num_person: shape.numPerson,
    dataset_name: datasetName,
    dropout_rate: shape.dropoutRate,
  };
  return parseOptions(inferenceParamsSchema, params, CONSTRUCTOR);
}
