import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { npyBytes } from '../../datasets/npy.js';
import { removePartialFiles, writeFileWhole } from '../../files.js';
import { checkpointFolder } from '../checkpoint/checkpoint_folder.js';
import type { InferenceParams } from '../checkpoint/metadata.js';
import { readNetworkModel, writeModel } from '../checkpoint/model_directory.js';
import { type NetworkShape, parseNetworkShape } from '../network/network_shape.js';
import { initialiseNetwork, type NetworkState } from '../network/network_state.js';
import type { SampleSource } from '../samples.js';
import type { TrainingSource, TrainOptions } from '../training/train.js';
import type { TrainingLog } from '../training/training_log.js';
import { type EpochRecord, runTraining } from '../training/training_run.js';
import { buildingRecordPath, readBuildingRecord, writeBuildingRecord } from './building_record.js';
import type { BuildCandidate } from './candidate.js';
import { growNetwork } from './grow_network.js';
import { type Progression, type ProgressionLimits, progression, type TrainedCandidate } from './progression.js';

export interface Building {
  /** Of the first candidate; its topology is ignored. */
  readonly shape: NetworkShape;
  /** For the metadata of the checkpoints; the topology is that of each candidate. */
  readonly params: InferenceParams;
  readonly optimizerInfo: Record<string, unknown>;
  readonly source: TrainingSource;
  readonly validation: SampleSource | null;
  readonly valBatchSize: number;
  /** Of every candidate's training. */
  readonly options: TrainOptions;
  readonly earlyStoppingPatience: number;
  readonly limits: ProgressionLimits;
  readonly tempPath: string;
  readonly experimentName: string;
  /** All that the result follows from, for the record. */
  readonly run: Readonly<Record<string, unknown>>;
  /** Whether to go on from a record of the same run. */
  readonly resume: boolean;
  readonly log: TrainingLog;
  readonly onCandidate: (candidate: BuildCandidate, epochs: readonly EpochRecord[]) => void;
}

export interface BuiltNetwork {
  readonly state: NetworkState;
  readonly candidates: readonly BuildCandidate[];
}

/** Candidates' seeds, of their new channels and of their epochs, do not meet. */
const SEEDS_PER_CANDIDATE = 1_000_000;

/**
 * Builds a network progressively: trains candidate after candidate, each from the weights of the one that it grows
 * from, and ends with the last that was kept, with exactly its weights.
 *
 * After each candidate a record is written, and a kept one's checkpoint before it, so that a run that was killed at any
 * moment goes on with the candidate that it was at. Nothing depends on what ran before but the record.
 *
 * @throws the signal's reason where it is aborted: the next run goes on from the record
 */
export async function buildNetwork(building: Building): Promise<BuiltNetwork> {
  const folder = checkpointFolder(building);
  const recordPath = buildingRecordPath(folder);
  for (const place of [folder, building.tempPath]) await removePartialFiles(place);
  if (!building.resume) await rm(recordPath, { force: true });
  const trained = [...(await readBuildingRecord(recordPath, building.run))];
  if (trained.length > 0) await building.log.line(`going on after ${trained.length} candidates: ${recordPath}`);
  let latest: { index: number; state: NetworkState } | null = null;
  const stateOf = async (index: number): Promise<NetworkState> =>
    latest?.index === index ? latest.state : loadCandidate(building, folder, trained[index]!);

  for (;;) {
    const { next, best, candidates } = progression(trained, building.limits);
    if (next === null) {
      const state = await stateOf(best!);
      await finish(building, folder, recordPath, candidates, state);
      return { state, candidates };
    }
    building.options.signal?.throwIfAborted();
    const base = next.from === null ? null : await stateOf(next.from);
    const { candidate, state, epochs } = await trainCandidate(building, next.topology, base, trained.length);
    trained.push(candidate);
    const judged = progression(trained, building.limits);
    if (judged.candidates.at(-1)!.kept) {
      await writeModel(
        folder,
        checkpointName(building, candidate.topology),
        state,
        paramsOf(building, state),
        building.optimizerInfo,
      );
    }
    if (judged.best === trained.length - 1) latest = { index: judged.best, state };
    await record(building, recordPath, judged, trained);
    const { kept, reason, topology, parameters } = judged.candidates.at(-1)!;
    await building.log.line(
      `[${topology.join(', ')}] (${parameters} parameters): ${kept ? 'kept' : 'not kept'}, ${reason}`,
    );
    building.onCandidate(judged.candidates.at(-1)!, epochs);
  }
}

/** EXPERIMENT-LAYERS-BLOCKS, as the reference has it: how many layers, and how many blocks in the last. */
function checkpointName({ experimentName }: Building, topology: readonly number[]): string {
  return `${experimentName}-${topology.length}-${topology.at(-1)}`;
}

async function trainCandidate(
  building: Building,
  topology: readonly number[],
  base: NetworkState | null,
  index: number,
): Promise<{ candidate: TrainedCandidate; state: NetworkState; epochs: readonly EpochRecord[] }> {
  const { options, params, log } = building;
  const seed = options.seed + index * SEEDS_PER_CANDIDATE;
  const state =
    base === null
      ? initialiseNetwork(parseNetworkShape({ ...building.shape, topology }, 'networkBuilder'), seed)
      : growNetwork(base, topology, seed);
  log.begin(`topology [${topology.join(', ')}], `, index * options.epochs);
  const started = performance.now();
  const { epochs, ended } = await runTraining({
    state,
    source: building.source,
    frames: params.num_frames,
    options: { ...options, seed, startEpoch: 0, optimizerState: null },
    validation: building.validation,
    validateEvery: building.earlyStoppingPatience > 0 ? 'epoch' : 'run',
    valBatchSize: building.valBatchSize,
    earlyStoppingPatience: building.earlyStoppingPatience,
    log,
    onEpoch: () => true,
  });
  if (ended === 'aborted') {
    await log.line('stopped; what is recorded is kept, and the same call goes on from there');
    options.signal!.throwIfAborted();
  }
  const last = epochs.at(-1)!;
  const candidate: TrainedCandidate = {
    layer: topology.length - 1,
    block: topology.at(-1)! - 1,
    topology,
    parameters: state.layout.parameterCount,
    trainLoss: last.loss,
    valLoss: last.valLoss,
    accuracy: last.valAccuracy,
    seconds: Number(((performance.now() - started) / 1000).toFixed(3)),
  };
  return { candidate, state, epochs };
}

async function record(
  { run }: Building,
  path: string,
  { candidates, next, best }: Progression,
  trained: readonly TrainedCandidate[],
): Promise<void> {
  const topology = trained[best!]!.topology;
  await writeBuildingRecord(path, { run, finished: next === null, topology, candidates });
}

/** Leaves the checkpoints of kept candidates only, and Topology.npy. */
async function finish(
  building: Building,
  folder: string,
  recordPath: string,
  candidates: readonly BuildCandidate[],
  state: NetworkState,
): Promise<void> {
  const kept = new Set(
    candidates.flatMap((candidate) => (candidate.kept ? [checkpointName(building, candidate.topology)] : [])),
  );
  for (const { topology } of candidates) {
    const name = checkpointName(building, topology);
    if (kept.has(name)) continue;
    for (const ending of ['.pt', '.json']) await rm(join(folder, `${name}${ending}`), { force: true });
  }
  const { topology } = state.layout.shape;
  await writeFileWhole(
    join(building.tempPath, 'Topology.npy'),
    npyBytes({ dims: [topology.length], values: BigInt64Array.from(topology.map(BigInt)) }),
  );
  await building.log.line(`built [${topology.join(', ')}] from ${candidates.length} candidates (${recordPath})`);
}

function paramsOf({ params }: Building, state: NetworkState): InferenceParams {
  return { ...params, topology: [...state.layout.shape.topology] };
}

async function loadCandidate(building: Building, folder: string, candidate: TrainedCandidate): Promise<NetworkState> {
  return (await readNetworkModel(folder, checkpointName(building, candidate.topology))).state;
}
