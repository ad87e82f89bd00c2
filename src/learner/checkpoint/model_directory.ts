import { join } from 'node:path';
import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import { readFileOf, writeFileWhole } from '../../files.js';
import { parseOptions } from '../../options.js';
import type { NetworkState } from '../network/network_state.js';
import { type InferenceParams, inferenceParamsSchema, type Metadata, metadataText, parseMetadata } from './metadata.js';
import { fromStateDict, toStateDict } from './network_state_dict.js';
import { pyTorchFileBytes, readPyTorchFile } from './pytorch_file.js';

/** A model as it lies on disk: name.pt and name.json. */
export interface SavedModel {
  readonly state: NetworkState;
  readonly params: InferenceParams;
  readonly metadataPath: string;
}

/**
 * Reads name.json, and name.pt beside it.
 *
 * @param untold for a model that OpenDR wrote, what its empty `inference_params` and its weights do not tell: at least
 *   `classes`, `block_size`, `num_frames` and `dataset_name`
 * @throws InvalidInputError naming the file that is missing or broken, or contradicts the other one
 */
export async function readModel(
  directory: string,
  name: string,
  untold: Partial<InferenceParams> = {},
): Promise<SavedModel> {
  const metadataPath = join(directory, `${name}.json`);
  const { metadata, checkUnchanged } = parseMetadata(
    (await readFileOf("the model's metadata", metadataPath)).toString('utf8'),
    metadataPath,
  );
  const told = metadata.inference_params;
  const stated = Object.keys(told).length > 0 ? parseInferenceParams(told, metadataPath) : null;
  const weightsPath = join(directory, metadata.model_paths[0]!);
  let state: NetworkState;
  try {
    const numbers =
      stated ?? parseOptions(untoldNumbersSchema, untold, `${metadataPath}, whose inference_params are empty`);
    const stateDict = await readPyTorchFile(await readFileOf("the model's weights", weightsPath), weightsPath);
    const { block_size: blockSize, dropout_rate: dropoutRate } = numbers;
    state = fromStateDict(stateDict, { blockSize, dropoutRate }, weightsPath);
  } catch (error) {
    // Changed metadata may name another file, or another block size.
    checkUnchanged();
    throw error;
  }
  const params = stated ?? parseOptions(inferenceParamsSchema, { ...untold, ...shapeNumbers(state) }, metadataPath);
  checkParams(params, state, weightsPath, metadataPath);
  checkUnchanged();
  return { state, params, metadataPath };
}

const untoldNumbersSchema = z.looseObject({
  block_size: inferenceParamsSchema.shape.block_size,
  dropout_rate: inferenceParamsSchema.shape.dropout_rate,
});

/** @throws InvalidInputError naming the key of the metadata that is missing or wrong */
function parseInferenceParams(told: Record<string, unknown>, metadataPath: string): InferenceParams {
  const schema = z.strictObject({ inference_params: inferenceParamsSchema });
  return parseOptions(schema, { inference_params: told }, metadataPath).inference_params;
}

function shapeNumbers(state: NetworkState) {
  const { topology, inChannels, numPoint, numPerson } = state.layout.shape;
  return { topology, in_channels: inChannels, num_point: numPoint, num_person: numPerson };
}

function checkParams(params: InferenceParams, state: NetworkState, weightsPath: string, metadataPath: string): void {
  const { shape } = state.layout;
  const pairs: [string, unknown, unknown][] = [
    ['topology', params.topology.join(), shape.topology.join()],
    ['in_channels', params.in_channels, shape.inChannels],
    ['num_point', params.num_point, shape.numPoint],
    ['num_person', params.num_person, shape.numPerson],
    ['the number of classes', params.classes.length, shape.numClass],
  ];
  for (const [thing, said, found] of pairs) {
    if (said !== found) throw new InvalidInputError(thing, said, `${found}, as ${weightsPath} has it`, metadataPath);
  }
}

/** Writes name.pt, then name.json, each as a whole; the folder is made where it is missing. */
export async function writeModel(
  directory: string,
  name: string,
  state: NetworkState,
  params: InferenceParams,
  optimizerInfo: Record<string, unknown>,
): Promise<void> {
  const metadata: Metadata = {
    model_paths: [`${name}.pt`],
    framework: 'pytorch',
    format: 'pt',
    has_data: false,
    inference_params: params,
    optimized: false,
    optimizer_info: optimizerInfo,
  };
  await writeFileWhole(join(directory, `${name}.pt`), pyTorchFileBytes(toStateDict(state), name));
  await writeFileWhole(join(directory, `${name}.json`), metadataText(metadata));
}
