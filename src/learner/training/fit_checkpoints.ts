import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError } from '../../errors.js';
import { checkpointFolder } from '../checkpoint/checkpoint_folder.js';
import type { InferenceParams } from '../checkpoint/metadata.js';
import { writeModel } from '../checkpoint/model_directory.js';
import {
  readTrainingCheckpoint,
  type TrainingCheckpoint,
  writeTrainingCheckpoint,
} from '../checkpoint/training_checkpoint.js';
import type { NetworkState } from '../network/network_state.js';
import type { OptimizerName } from '../onnx/optimizers.js';
import type { TrainingSnapshot } from './training_run.js';

/** Where the checkpoints of an experiment lie. */
export interface CheckpointPlace {
  readonly tempPath: string;
  readonly experimentName: string;
}

/** EXPERIMENT-EPOCH, after how many epochs it was written. */
function checkpointName({ experimentName }: CheckpointPlace, epoch: number): string {
  return `${experimentName}-${epoch}`;
}

function trainingPath(place: CheckpointPlace, epoch: number): string {
  return join(checkpointFolder(place), `${checkpointName(place, epoch)}.training.pt`);
}

/**
 * Writes EXPERIMENT-EPOCH.pt and .json, a model as `load` reads it, and EXPERIMENT-EPOCH.training.pt, from which
 * training goes on exactly.
 */
export async function writeFitCheckpoint(
  place: CheckpointPlace,
  snapshot: TrainingSnapshot,
  optimizerName: OptimizerName,
  params: InferenceParams,
  optimizerInfo: Record<string, unknown>,
  layout: NetworkState['layout'],
): Promise<string> {
  const { epoch, parameters, statistics, batchesTracked, optimizerState, weightAverage } = snapshot;
  const state: NetworkState = { layout, parameters, statistics, batchesTracked };
  const name = checkpointName(place, epoch);
  await writeModel(checkpointFolder(place), name, state, params, optimizerInfo);
  await writeTrainingCheckpoint(trainingPath(place, epoch), {
    state,
    params,
    optimizer: { name: optimizerName, ...optimizerState },
    weightAverage,
    epoch,
    progress: {},
  });
  return join(checkpointFolder(place), name);
}

/** @throws InvalidInputError naming the checkpoint that is missing, and those that are there */
export async function readFitCheckpoint(place: CheckpointPlace, epoch: number): Promise<TrainingCheckpoint> {
  const epochs = await fitCheckpointEpochs(place);
  if (!epochs.includes(epoch)) {
    const expected = epochs.length > 0 ? `one of ${epochs.join(', ')}` : 'the epoch of a checkpoint (there is none)';
    throw new InvalidInputError('checkpointLoadIter', epoch, expected, checkpointFolder(place));
  }
  return readTrainingCheckpoint(trainingPath(place, epoch));
}

/** The epochs after which a checkpoint was written, ascending. */
export async function fitCheckpointEpochs(place: CheckpointPlace): Promise<number[]> {
  const prefix = `${place.experimentName}-`;
  const files = await readdir(checkpointFolder(place)).catch(() => []);
  return files
    .filter((file) => file.startsWith(prefix) && file.endsWith('.training.pt'))
    .map((file) => Number(file.slice(prefix.length, -'.training.pt'.length)))
    .filter((epoch) => Number.isInteger(epoch))
    .sort((a, b) => a - b);
}
