import { join } from 'node:path';
import { InvalidInputError } from '../../errors.js';
import { readFileOf, writeFileWhole } from '../../files.js';
import type { NetworkState } from '../network/network_state.js';
import { type InferenceParams, type Metadata, parseMetadata } from './metadata.js';
import { fromStateDict, toStateDict } from './network_state_dict.js';
import { pyTorchFileBytes, readPyTorchFile } from './pytorch_file.js';

/** A model as it lies on disk: name.pt and name.json. */
export interface SavedModel {
  readonly state: NetworkState;
  readonly params: InferenceParams;
  readonly metadataPath: string;
}

/** @throws InvalidInputError naming the file that is missing or broken, or contradicts the other one */
export async function readModel(directory: string, name: string): Promise<SavedModel> {
  const metadataPath = join(directory, `${name}.json`);
  const metadata = parseMetadata(
    (await readFileOf("the model's metadata", metadataPath)).toString('utf8'),
    metadataPath,
  );
  const params = metadata.inference_params;
  const weightsPath = join(directory, metadata.model_paths[0]!);
  const stateDict = await readPyTorchFile(await readFileOf("the model's weights", weightsPath), weightsPath);
  const state = fromStateDict(
    stateDict,
    { blockSize: params.block_size, dropoutRate: params.dropout_rate },
    weightsPath,
  );
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
  return { state, params, metadataPath };
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
  await writeFileWhole(join(directory, `${name}.json`), `${JSON.stringify(metadata, null, 2)}\n`);
}
