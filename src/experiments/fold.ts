import { classesOf } from '../datasets/expression_windows.js';
import { subjectIndependentFolds } from '../datasets/folds.js';
import type { LandmarkSequence } from '../datasets/landmark_tree.js';
import type { BuildCandidate } from '../learner/building/candidate.js';
import { type LearningListener, learnSequences, type Method } from './learn_recipe.js';
import type { LandmarkRecipe } from './recipe.js';
import type { Workplace } from './recipe_learner.js';
import { sequenceSamples } from './sequence_samples.js';

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
  readonly topology: readonly number[];
  readonly candidates: readonly BuildCandidate[];
}

/** Seeds of one fold's epochs do not meet those of the next. */
const SEEDS_PER_FOLD = 10_000_000_000;

/** The fold of each sequence, 0 .. folds - 1; no subject is in two of them. */
export function foldsOf(sequences: readonly LandmarkSequence[], { folds, foldSeed }: FoldPlan): number[] {
  return subjectIndependentFolds(
    sequences.map(({ subject }) => subject),
    sequences.map(({ category }) => category),
    folds,
    foldSeed,
  );
}

/** Learns the sequences of the other folds, and answers this fold's. */
export async function answerFold(
  plan: FoldPlan,
  sequences: readonly LandmarkSequence[],
  fold: number,
  workplace: Workplace,
  listener: LearningListener = {},
): Promise<FoldAnswers> {
  const { recipe, method, mcdoRepeats } = plan;
  const foldOf = foldsOf(sequences, plan);
  const classes = classesOf(sequences, recipe.neutral_share > 0);
  const { learner, candidates } = await learnSequences(
    recipe,
    sequences.filter((_, i) => foldOf[i] !== fold),
    method,
    { classes, seed: recipe.training.seed + fold * SEEDS_PER_FOLD },
    workplace,
    listener,
  );
  const held = sequences.filter((_, i) => foldOf[i] === fold);
  const samples = sequenceSamples(learner, held);
  const logits = await learner.logits(samples.data, mcdoRepeats, recipe.training.seed);
  const { topology } = learner;
  await learner.release();
  return { fold, classes, logits, labels: samples.labels, names: held.map(({ path }) => path), topology, candidates };
}
