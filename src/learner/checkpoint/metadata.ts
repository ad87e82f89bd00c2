import { z } from 'zod';
import { errorMessage, InvalidInputError } from '../../errors.js';
import { parseOptions } from '../../options.js';
import { windowFeaturesSchema } from '../../perception/window/window_features.js';

/** What inference needs to know of a model beside its weights. */
export const inferenceParamsSchema = z.strictObject({
  /** Names of the classes, in the order of the logits. */
  classes: z.array(z.string().min(1)).min(2),
  /** Channels of a layer are whole multiples of it. */
  block_size: z.int().min(1),
  topology: z.array(z.int().min(1)).min(1),
  in_channels: z.int().min(1),
  /** T of a sample (N, C, T, V, M). */
  num_frames: z.int().min(1),
  num_point: z.int().min(1),
  num_person: z.int().min(1),
  dataset_name: z.string(),
  /** Probability of dropping an element in Monte Carlo dropout. */
  dropout_rate: z.number().min(0).max(0.9).default(0.2),
  /** Logits are divided by it before the softmax (Guo et al. 2017). */
  temperature: z.number().positive().default(1),
  /** How windows of landmarks become samples; absent for a model that is fed samples only. */
  window: z
    .strictObject({
      /** Ages of the window's frames before its newest one, oldest first, in seconds. */
      ages_seconds: z.array(z.number().min(0)).min(1),
      /** Frames of a sequence on disk that stand for them; negative ones count from its end. */
      sequence_frames: z.array(z.int()).min(1),
      features: windowFeaturesSchema,
    })
    .optional(),
});

export type InferenceParams = z.output<typeof inferenceParamsSchema>;

/** name.json, with the reference's keys; what is ours is in `inference_params`. */
export const metadataSchema = z.strictObject({
  model_paths: z.array(z.string()).min(1),
  framework: z.literal('pytorch'),
  format: z.enum(['pt', 'onnx']),
  has_data: z.boolean(),
  inference_params: inferenceParamsSchema,
  optimized: z.boolean(),
  optimizer_info: z.record(z.string(), z.unknown()),
});

export type Metadata = z.output<typeof metadataSchema>;

/** @throws InvalidInputError naming the file and the key that is wrong */
export function parseMetadata(text: string, origin: string): Metadata {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidInputError('the metadata', errorMessage(error), 'JSON', origin, { cause: error });
  }
  return parseOptions(metadataSchema, value, origin);
}
