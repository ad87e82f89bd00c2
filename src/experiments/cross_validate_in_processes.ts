import { join } from 'node:path';
import { InvalidInputError } from '../errors.js';
import { writeFileWhole } from '../files.js';
import { type CrossValidation, gatherFolds } from './cross_validation.js';
import type { FoldAnswers, FoldPlan } from './fold.js';
import { planDigest, readFold } from './fold_files.js';
import type { LandmarkData } from './landmark_data.js';
import { runFoldsInParallel } from './parallel_folds.js';

export interface FoldProcesses {
  /** Folder of the folds' answers; a fold whose answers are there is not worked on again. */
  readonly results: string;
  /** Processes at a time; 0: as many as there are cores. */
  readonly jobs: number;
  /** The command line that works on one fold by the recipe in a file: the script, and its arguments. */
  readonly command: (fold: number, recipePath: string) => readonly string[];
  /** Hears how many folds are done, with fractions. */
  readonly onProgress: (done: number, detail: string) => void;
  readonly signal: AbortSignal | null;
}

/** Trains and tests on all folds, in processes, and gathers their answers. */
export async function crossValidateInProcesses(
  plan: FoldPlan,
  data: LandmarkData,
  { results, jobs, command, onProgress, signal }: FoldProcesses,
): Promise<CrossValidation> {
  const missing = (await foldsThere(plan, data, results)).flatMap((answers, fold) => (answers === null ? [fold] : []));
  const recipePath = join(results, 'recipe.json');
  await writeFileWhole(recipePath, `${JSON.stringify(plan.recipe, null, 1)}\n`);
  const before = plan.folds - missing.length;
  await runFoldsInParallel({
    folds: missing,
    jobs,
    command: (fold) => command(fold, recipePath),
    onProgress: (done, detail) => onProgress(before + done, detail),
    signal,
  });
  return gatherResults(plan, data, results);
}

/**
 * Gathers the answers of all folds from a folder.
 *
 * @throws InvalidInputError naming the folds that are missing
 */
export async function gatherResults(plan: FoldPlan, data: LandmarkData, results: string): Promise<CrossValidation> {
  const answers = await foldsThere(plan, data, results);
  const missing = answers.flatMap((fold, index) => (fold === null ? [index] : []));
  if (missing.length > 0) {
    throw new InvalidInputError('the missing folds', missing, `none: run them with --fold first`, results);
  }
  return gatherFolds(answers as FoldAnswers[], plan.mcdoRepeats);
}

function foldsThere(plan: FoldPlan, data: LandmarkData, results: string): Promise<(FoldAnswers | null)[]> {
  const digest = planDigest(plan, data);
  return Promise.all(Array.from({ length: plan.folds }, (_, fold) => readFold(results, digest, fold)));
}
