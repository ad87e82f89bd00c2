import { join } from 'node:path';
import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import { readFileIfThere, writeFileWhole } from '../../files.js';
import { parseOptions } from '../../options.js';
import { parseSealedJson, sealedJsonText } from '../../sealed_json.js';
import type { BuildCandidate } from './candidate.js';
import type { TrainedCandidate } from './progression.js';

const candidateSchema = z.strictObject({
  layer: z.int().min(0),
  block: z.int().min(0),
  topology: z.array(z.int().min(1)).min(1),
  parameters: z.int().min(1),
  train_loss: z.number(),
  val_loss: z.number().nullable(),
  accuracy: z.number().nullable(),
  seconds: z.number().min(0),
  kept: z.boolean(),
  reason: z.string(),
});

const recordSchema = z.strictObject({
  /** The options and data of the run: another one must not go on from this record. */
  run: z.record(z.string(), z.unknown()),
  finished: z.boolean(),
  topology: z.array(z.int().min(1)),
  candidates: z.array(candidateSchema),
});

/** The record of a building: every candidate in the order of its training, under the run's options. */
export interface BuildingRecord {
  readonly run: Readonly<Record<string, unknown>>;
  readonly finished: boolean;
  /** Of the network that building would end with now. */
  readonly topology: readonly number[];
  readonly candidates: readonly BuildCandidate[];
}

/** Where the record of an experiment lies. */
export function buildingRecordPath(checkpointFolder: string): string {
  return join(checkpointFolder, 'building.json');
}

/** Writes the record, with a checksum. */
export async function writeBuildingRecord(path: string, record: BuildingRecord): Promise<void> {
  const candidates = record.candidates.map(({ trainLoss, valLoss, ...others }) => ({
    ...others,
    train_loss: trainLoss,
    val_loss: valLoss,
  }));
  await writeFileWhole(path, sealedJsonText({ ...record, candidates }));
}

/**
 * The candidates that an earlier run with the same options and data has trained; none where there was no such run.
 *
 * @throws InvalidInputError naming the file where it is damaged, or of a run with another option, which is named
 */
export async function readBuildingRecord(
  path: string,
  run: Readonly<Record<string, unknown>>,
): Promise<readonly TrainedCandidate[]> {
  const bytes = await readFileIfThere('the record of building', path);
  if (bytes === null) return [];
  const record = parseOptions(recordSchema, parseSealedJson(bytes, 'the record of building', path), path);
  for (const key of new Set([...Object.keys(run), ...Object.keys(record.run)])) {
    const [now, then] = [run[key], record.run[key]].map((entry) => JSON.stringify(entry));
    if (now === then) continue;
    const expected = `${then}, as the run that is recorded there; else another tempPath or experimentName, or resume false`;
    throw new InvalidInputError(key, run[key], expected, path);
  }
  return record.candidates.map(
    ({ train_loss: trainLoss, val_loss: valLoss, kept: _kept, reason: _reason, ...others }) => ({
      ...others,
      trainLoss,
      valLoss,
    }),
  );
}
