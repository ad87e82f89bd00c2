import { basename } from 'node:path';
import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import { readFileOf, writeFileWhole } from '../../files.js';
import { parseJson } from '../../json.js';
import { parseOptions } from '../../options.js';
import { kindOf } from '../../pickle/pickle_reader.js';
import type { OptimizerState } from '../engine/engine.js';
import type { NetworkState } from '../network/network_state.js';
import type { ParameterLayout } from '../network/parameter_layout.js';
import { OPTIMIZER_STATE, type OptimizerName } from '../onnx/optimizers.js';
import { type InferenceParams, inferenceParamsSchema } from './metadata.js';
import { fromStateDict, parameterTensors, toStateDict, vectorOf } from './network_state_dict.js';
import { type Archive, pyTorchArchiveBytes, readPyTorchArchive, stateDictOf } from './pytorch_archive.js';

/** All that training needs to go on as if it had not stopped. */
export interface TrainingCheckpoint {
  readonly state: NetworkState;
  readonly params: InferenceParams;
  /** null: the optimizer starts anew. */
  readonly optimizer: (OptimizerState & { readonly name: OptimizerName }) | null;
  /** The mean of the weights so far, placed as the network's layout says; null where they are not averaged (yet). */
  readonly weightAverage: Float32Array | null;
  /** Epochs done. */
  readonly epoch: number;
  /** What else the training wants to find again, as JSON. */
  readonly progress: Readonly<Record<string, unknown>>;
}

const numbersSchema = z.strictObject({ epoch: z.int().min(0) });
const optimizerSchema = z.strictObject({ name: z.enum(['sgd', 'adam']), steps: z.int().min(0) });

/**
 * Writes a checkpoint as one .pt file, whole or not at all. PyTorch reads it: a dictionary of `state_dict`,
 * `optimizer` (None, or `name`, `steps` and, by parameter, the tensors of each of its vectors), `weight_average` (None, or
 * the tensors by parameter), `epoch`, and the JSON texts `inference_params` and `progress`.
 */
export async function writeTrainingCheckpoint(path: string, checkpoint: TrainingCheckpoint): Promise<void> {
  const { state, params, optimizer, weightAverage, epoch, progress } = checkpoint;
  const root = {
    state_dict: toStateDict(state),
    optimizer: optimizer && {
      name: optimizer.name,
      steps: optimizer.steps,
      ...Object.fromEntries(
        OPTIMIZER_STATE[optimizer.name].map((name) => [name, parameterTensors(state.layout, optimizer.vectors[name]!)]),
      ),
    },
    weight_average: weightAverage && parameterTensors(state.layout, weightAverage),
    epoch,
    inference_params: JSON.stringify(params),
    progress: JSON.stringify(progress),
  };
  await writeFileWhole(path, pyTorchArchiveBytes(root, basename(path, '.pt')));
}

/** @throws InvalidInputError naming the file where it is missing, damaged or no checkpoint of a training */
export async function readTrainingCheckpoint(path: string): Promise<TrainingCheckpoint> {
  const archive = await readPyTorchArchive(await readFileOf('the checkpoint', path), path);
  const entries = dictionary(archive.root, 'the checkpoint', path);
  const params = parseOptions(inferenceParamsSchema, json(entries, 'inference_params', path), path);
  const stateDict = stateDictOf(entries.get('state_dict'), archive, 'state_dict', path);
  const { block_size: blockSize, dropout_rate: dropoutRate, class_of_output: classOfOutput = [] } = params;
  const state = fromStateDict(stateDict, { blockSize, dropoutRate, classOfOutput }, path);
  return {
    state,
    params,
    optimizer: optimizerOf(entries.get('optimizer'), state.layout, archive, path),
    weightAverage:
      entries.get('weight_average') === null
        ? null
        : vectorOf(stateDictOf(entries.get('weight_average'), archive, 'weight_average', path), state.layout, path),
    epoch: parseOptions(numbersSchema, { epoch: entries.get('epoch') }, path).epoch,
    progress: parseOptions(z.record(z.string(), z.unknown()), json(entries, 'progress', path), path),
  };
}

function optimizerOf(
  value: unknown,
  layout: ParameterLayout,
  archive: Archive,
  path: string,
): TrainingCheckpoint['optimizer'] {
  if (value === null) return null;
  const entries = dictionary(value, 'optimizer', path);
  const numbers = { name: entries.get('name'), steps: entries.get('steps') };
  const { name, steps } = parseOptions(optimizerSchema, numbers, path);
  const vectors = OPTIMIZER_STATE[name].map((vector): [string, Float32Array] => [
    vector,
    vectorOf(stateDictOf(entries.get(vector), archive, vector, path), layout, path),
  ]);
  return { name, steps, vectors: Object.fromEntries(vectors) };
}

function dictionary(value: unknown, thing: string, path: string): Map<unknown, unknown> {
  if (value instanceof Map) return value as Map<unknown, unknown>;
  throw new InvalidInputError(thing, kindOf(value), 'a dictionary', path);
}

function json(entries: Map<unknown, unknown>, key: string, path: string): unknown {
  const text = entries.get(key);
  if (typeof text !== 'string') {
    const expected = "JSON, as this package's checkpoints of a training have it";
    throw new InvalidInputError(`the entry ${key}`, text === undefined ? undefined : kindOf(text), expected, path);
  }
  return parseJson(text, `the entry ${key}`, path);
}
