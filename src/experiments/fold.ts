import { subjectIndependentFolds } from '../datasets/folds.js';
import type { BuildCandidate } from '../learner/building/candidate.js';
import type { HeldOutGroup } from './held_out_groups.js';
import type { LandmarkData } from './landmark_data.js';
import { type LearningListener, learnLandmarks, type Method } from './learn_recipe.js';
import type { LandmarkRecipe } from './recipe.js';
import type { Workplace } from './recipe_learner.js';

/** What the folds of a cross-validation have in common. */
export interface FoldPlan {
  readonly recipe: LandmarkRecipe;
  readonly method: Method;
  readonly folds: number;
  /** Decides which subjects share a fold. */
  readonly foldSeed: number;
  readonly mcdoRepeats: number;
}

/** Answers for samples by a network that saw no sample of the same subject. */
export interface FoldAnswers {
  readonly fold: number;
  readonly classes: readonly string[];
  /** (R, N, K), flat. */
  readonly logits: Float32Array;
  readonly labels: Int32Array;
  /** Where each sample came from. */
  readonly names: readonly string[];
  /** What the samples are reported on by; null where they are of one kind. */
  readonly groups: readonly HeldOutGroup[] | null;
  readonly topology: readonly number[];
  readonly candidates: readonly BuildCandidate[];
}

/** Seeds of one fold's epochs do not meet those of the next. */
const SEEDS_PER_FOLD = 10_000_000_000;

/** The fold of each item, 0 .. folds - 1; no subject is in two of them. */
export function foldsOf({ subjects, categories }: LandmarkData, { folds, foldSeed }: FoldPlan): number[] {
  return subjectIndependentFolds(subjects, categories, folds, foldSeed);
}

/** Learns the items of the other folds, and answers this fold's. */
export async function answerFold(
  plan: FoldPlan,
  data: LandmarkData,
  fold: number,
  workplace: Workplace,
  listener: LearningListener = {},
): Promise<FoldAnswers> {
  const { recipe, method, mcdoRepeats } = plan;
  const foldOf = foldsOf(data, plan);
  const classes = data.classes(recipe);
  const { learner, candidates } = await learnLandmarks(
    recipe,
    data.only((index) => foldOf[index] !== fold),
    method,
    { classes, seed: recipe.training.seed + fold * SEEDS_PER_FOLD },
    workplace,
    listener,
  );
  const held = data.only((index) => foldOf[index] === fold);
  const { samples, names, groups } = held.heldOut(learner.window!, classes);
  const logits = await learner.logits(samples.data, mcdoRepeats, recipe.training.seed);
  const { topology } = learner;
  await learner.release();
  return { fold, classes, logits, labels: samples.labels, names, groups, topology, candidates };
}
