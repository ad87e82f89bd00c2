import { createHash } from 'node:crypto';
import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import { jsonText, parseJson } from '../../json.js';
import { parseOptions } from '../../options.js';
import { musclesSchema } from '../../perception/window/muscles.js';
import { windowFeaturesSchema } from '../../perception/window/window_features.js';
import { modelAppearanceSchema } from '../appearance/appearance_classifier.js';

/** How windows of landmarks become samples. */
export const windowDescriptionSchema = z.strictObject({
  /** Ages of the window's frames before its newest one, oldest first, in seconds. */
  ages_seconds: z.array(z.number().min(0)).min(1),
  /** Frames of a sequence on disk that stand for them; negative ones count from its end. */
  sequence_frames: z.array(z.int()).min(1),
  features: windowFeaturesSchema,
});

/** What inference needs to know of a model beside its weights. */
export const inferenceParamsSchema = z.strictObject({
  /** Names of the classes, in the order of the logits. */
  classes: z.array(z.string().min(1)).min(2),
  /**
   * Of a .pt: for each row of fc.weight the index of its class, where several outputs stand for one class (its logit is the
   * logarithm of the sum of their exponentials); absent: one row for each class.
   */
  class_of_output: z.array(z.int().min(0)).min(2).optional(),
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
  /** What the pixels of a face tell beside its landmarks; null: nothing. */
  appearance: modelAppearanceSchema.nullable().default(null),
  /** Names of the landmark extractors that the model was trained for; absent where that is not known. */
  landmark_extractors: z.array(z.string().min(1)).optional(),
  /** Pairs of points whose differences the samples are made of, where there is no `window` to say so. */
  muscles: musclesSchema.optional(),
  /** How windows of landmarks become samples; absent for a model that is fed samples only. */
  window: windowDescriptionSchema.optional(),
});

export type InferenceParams = z.output<typeof inferenceParamsSchema>;

/** name.json, with the reference's keys; what is ours is in `inference_params`. */
const metadataSchema = z.strictObject({
  model_paths: z.array(z.string()).min(1),
  framework: z.literal('pytorch'),
  format: z.enum(['pt', 'onnx']),
  has_data: z.boolean(),
  /** Ours; empty in a model that OpenDR wrote. */
  inference_params: z.record(z.string(), z.unknown()),
  optimized: z.boolean(),
  optimizer_info: z.record(z.string(), z.unknown()),
});

/** The metadata of a model; `inference_params` as the file has them, for `inferenceParamsSchema` to judge. */
export type Metadata = z.output<typeof metadataSchema>;

/** The key of `inference_params` that holds the SHA-256 of all the rest of the metadata. */
const CHECKSUM = 'sha256';

/**
 * Reads name.json.
 *
 * @returns the metadata, and what refuses them where they do not have the checksum that is in them (OpenDR writes none);
 *   to be called last, since an error that names a wrong key tells more
 * @throws InvalidInputError naming the file and the key that is wrong
 */
export function parseMetadata(text: string, origin: string): { metadata: Metadata; checkUnchanged: () => void } {
  const parsed = parseOptions(metadataSchema, parseJson(text, 'the metadata', origin), origin);
  const { [CHECKSUM]: stated, ...params } = parsed.inference_params;
  const metadata = { ...parsed, inference_params: params };
  const checkUnchanged = () => {
    const found = checksum(metadata);
    if (stated === undefined || stated === found) return;
    const expected = `${found}, that of the other keys: the file was changed (leave ${CHECKSUM} out to accept it)`;
    throw new InvalidInputError(`inference_params.${CHECKSUM}`, stated, expected, origin);
  };
  return { metadata, checkUnchanged };
}

/** The text of name.json, with a checksum. */
export function metadataText(metadata: Metadata): string {
  const params = { ...metadata.inference_params, [CHECKSUM]: checksum(metadata) };
  return jsonText({ ...metadata, inference_params: params });
}

/** The SHA-256 of the metadata as JSON without white space, in hexadecimal. */
function checksum(metadata: Metadata): string {
  const { model_paths, framework, format, has_data, inference_params, optimized, optimizer_info } = metadata;
  const ordered = { model_paths, framework, format, has_data, inference_params, optimized, optimizer_info };
  return createHash('sha256').update(JSON.stringify(ordered)).digest('hex');
}
