import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { npyBytes, parseNpy } from '../datasets/npy.js';
import { InvalidInputError } from '../errors.js';
import { readFileIfThere, readFileOf, writeFileWhole } from '../files.js';
import { parseOptions } from '../options.js';
import { parseSealedJson, sealedJsonText } from '../sealed_json.js';
import type { FoldAnswers, FoldPlan } from './fold.js';
import { heldOutGroupSchema } from './held_out_groups.js';
import type { LandmarkData } from './landmark_data.js';

const foldSchema = z.strictObject({
  plan: z.string(),
  /** SHA-256 of the file of the logits. */
  logits_sha256: z.string(),
  fold: z.int().min(0),
  classes: z.array(z.string()).min(2),
  labels: z.array(z.int().min(0)),
  names: z.array(z.string()),
  groups: z.array(heldOutGroupSchema).nullable(),
  topology: z.array(z.int().min(1)),
  candidates: z.array(z.custom<FoldAnswers['candidates'][number]>((value) => typeof value === 'object')),
});

/** A short name for all that a fold's answers follow from: the recipe, the folds and the landmarks. */
export function planDigest({ recipe, ...plan }: FoldPlan, data: LandmarkData): string {
  const {
    name: _name,
    output: _output,
    landmarks: _landmarks,
    validation_folds: _folds,
    sources: _sources,
    ...deciding
  } = recipe;
  const hash = createHash('sha256').update(JSON.stringify([deciding, plan]));
  data.digest(hash);
  return hash.digest('hex').slice(0, 16);
}

/** Writes FOLDER/fold-K.npy, the logits (R, N, K), and then FOLDER/fold-K.json, which has its checksum and its own. */
export async function writeFold(folder: string, plan: string, answers: FoldAnswers): Promise<void> {
  const { fold, classes, logits, labels, names, groups, topology, candidates } = answers;
  const dims = [logits.length / (labels.length * classes.length), labels.length, classes.length];
  const bytes = npyBytes({ dims, values: logits });
  // A process that is killed between the two leaves no answers, rather than two files that do not belong together.
  await rm(foldPath(folder, fold), { force: true });
  await writeFileWhole(logitsPath(folder, fold), bytes);
  const entries = {
    plan,
    logits_sha256: sha256(bytes),
    fold,
    classes,
    labels: [...labels],
    names,
    groups,
    topology,
    candidates,
  };
  await writeFileWhole(foldPath(folder, fold), sealedJsonText(entries));
}

/**
 * The answers of a fold; null where there are none yet.
 *
 * @throws InvalidInputError naming the file that is damaged, or that is of another recipe, other folds or other data
 */
export async function readFold(folder: string, plan: string, fold: number): Promise<FoldAnswers | null> {
  const path = foldPath(folder, fold);
  const bytes = await readFileIfThere('the answers of a fold', path);
  if (bytes === null) return null;
  const value = parseSealedJson(bytes, 'the answers of a fold', path);
  const { plan: found, logits_sha256: stated, labels, ...entries } = parseOptions(foldSchema, value, path);
  if (found !== plan) {
    const expected = `${plan}, of this recipe, these folds and these landmarks; else another folder of results`;
    throw new InvalidInputError('the plan', found, expected, path);
  }
  const logitsBytes = await readFileOf('the logits of a fold', logitsPath(folder, fold));
  const { dims, values } = parseNpy(logitsBytes, logitsPath(folder, fold));
  if (sha256(logitsBytes) !== stated) {
    const expected = `of the SHA-256 that ${path} has: the file was changed`;
    throw new InvalidInputError('the logits of a fold', sha256(logitsBytes), expected, logitsPath(folder, fold));
  }
  if (dims.length !== 3 || dims[1] !== labels.length || dims[2] !== entries.classes.length) {
    const expected = `(R, ${labels.length}, ${entries.classes.length})`;
    throw new InvalidInputError('the shape of the logits', dims, expected, logitsPath(folder, fold));
  }
  return { ...entries, labels: Int32Array.from(labels), logits: values };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The files of a fold's answers. */
export function foldFiles(folder: string, fold: number): string[] {
  return [foldPath(folder, fold), logitsPath(folder, fold)];
}

function foldPath(folder: string, fold: number): string {
  return join(folder, `fold-${fold}.json`);
}

function logitsPath(folder: string, fold: number): string {
  return join(folder, `fold-${fold}.npy`);
}
