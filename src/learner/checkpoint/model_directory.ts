import { join } from 'node:path';
import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import { readFileOf, writeFileWhole } from '../../files.js';
import { parseOptions } from '../../options.js';
import type { NetworkState } from '../network/network_state.js';
import { type InferenceParams, inferenceParamsSchema, type Metadata, metadataText, parseMetadata } from './metadata.js';
import { fromStateDict, toStateDict } from './network_state_dict.js';
import { parseExportedModel } from './onnx_model.js';
import { pyTorchFileBytes, readPyTorchFile } from './pytorch_file.js';

/** A model as it lies on disk: name.json, and name.pt or, once optimized, name.onnx. */
export type SavedModel = SavedNetwork | SavedOptimizedModel;

interface SavedParams {
  readonly params: InferenceParams;
  readonly metadataPath: string;
}

export interface SavedNetwork extends SavedParams {
  readonly kind: 'network';
  readonly state: NetworkState;
}

export interface SavedOptimizedModel extends SavedParams {
  readonly kind: 'optimized';
  /** Of the .onnx, which `ExportedNetwork` runs. */
  readonly bytes: Uint8Array;
  readonly modelPath: string;
}

/**
 * Reads name.json, and the name.pt or name.onnx that it names.
 *
 * @param untold for a .pt that OpenDR wrote, what its empty `inference_params` and its weights do not tell: at least
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
  const modelPath = join(directory, metadata.model_paths[0]!);
  try {
    const model =
      metadata.format === 'onnx'
        ? await readOptimized(modelPath, stated, metadataPath)
        : await readNetwork(modelPath, stated, untold, metadataPath);
    checkUnchanged();
    return model;
  } catch (error) {
    // Changed metadata may name another file or contradict it; an error of their own tells more than their checksum.
    if (!(error instanceof InvalidInputError) || error.origin !== metadataPath) checkUnchanged();
    throw error;
  }
}

/**
 * Reads a model that was not optimized: see `readModel`.
 *
 * @throws InvalidInputError where it was
 */
export async function readNetworkModel(
  directory: string,
  name: string,
  untold: Partial<InferenceParams> = {},
): Promise<SavedNetwork> {
  const model = await readModel(directory, name, untold);
  if (model.kind === 'network') return model;
  throw new InvalidInputError(
    'format',
    'onnx',
    'pt: an optimized model has no weights to go on with',
    model.metadataPath,
  );
}

async function readOptimized(
  modelPath: string,
  params: InferenceParams | null,
  metadataPath: string,
): Promise<SavedOptimizedModel> {
  if (params === null) {
    const expected = "those of this package: an .onnx of OpenDR's tells too little (load its .pt, and export that)";
    throw new InvalidInputError('inference_params', {}, expected, metadataPath);
  }
  const bytes = await readFileOf('the optimized model', modelPath);
  parseExportedModel(bytes, params, modelPath);
  return { kind: 'optimized', bytes, params, modelPath, metadataPath };
}

async function readNetwork(
  modelPath: string,
  stated: InferenceParams | null,
  untold: Partial<InferenceParams>,
  metadataPath: string,
): Promise<SavedNetwork> {
  const origin = stated === null ? `${metadataPath}, whose inference_params are empty` : metadataPath;
  const numbers = stated ?? parseOptions(untoldNumbersSchema, untold, origin);
  const stateDict = await readPyTorchFile(await readFileOf("the model's weights", modelPath), modelPath);
  const { block_size: blockSize, dropout_rate: dropoutRate } = numbers;
  const classOfOutput = stated?.class_of_output ?? [];
  const state = fromStateDict(stateDict, { blockSize, dropoutRate, classOfOutput }, modelPath);
  const params = stated ?? parseOptions(inferenceParamsSchema, { ...untold, ...shapeNumbers(state) }, origin);
  checkParams(params, state, modelPath, origin);
  return { kind: 'network', state, params, metadataPath };
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

function checkParams(params: InferenceParams, state: NetworkState, weightsPath: string, origin: string): void {
  const { shape } = state.layout;
  const pairs: [string, unknown, unknown][] = [
    ['topology', params.topology.join(), shape.topology.join()],
    ['in_channels', params.in_channels, shape.inChannels],
    ['num_point', params.num_point, shape.numPoint],
    ['num_person', params.num_person, shape.numPerson],
    ['the number of classes', params.classes.length, shape.numClass],
  ];
  for (const [thing, said, found] of pairs) {
    if (said !== found) throw new InvalidInputError(thing, said, `${found}, as ${weightsPath} has it`, origin);
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
  await writeFileWhole(join(directory, `${name}.pt`), pyTorchFileBytes(toStateDict(state), name));
  await writeMetadata(directory, name, 'pt', params, optimizerInfo);
}

/** Writes name.onnx, then name.json, likewise. @param bytes of `exportedGraphBytes` */
export async function writeOptimizedModel(
  directory: string,
  name: string,
  bytes: Uint8Array,
  params: InferenceParams,
  optimizerInfo: Record<string, unknown>,
): Promise<void> {
  await writeFileWhole(join(directory, `${name}.onnx`), bytes);
  await writeMetadata(directory, name, 'onnx', params, optimizerInfo);
}

async function writeMetadata(
  directory: string,
  name: string,
  format: Metadata['format'],
  params: InferenceParams,
  optimizerInfo: Record<string, unknown>,
): Promise<void> {
  const metadata: Metadata = {
    model_paths: [`${name}.${format}`],
    framework: 'pytorch',
    format,
    has_data: false,
    inference_params: params,
    optimized: format === 'onnx',
    optimizer_info: optimizerInfo,
  };
  await writeFileWhole(join(directory, `${name}.json`), metadataText(metadata));
}
