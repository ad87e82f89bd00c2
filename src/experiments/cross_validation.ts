import { availableParallelism } from 'node:os';
import { subjectIndependentFolds } from '../datasets/folds.js';
import type { LandmarkSequence } from '../datasets/landmark_tree.js';
import type { LabelledLogits } from '../learner/calibration/temperature.js';
import { type ClassificationReport, classificationReport } from '../learner/evaluation/classification_report.js';
import { estimatesOf } from '../learner/inference/expression_estimate.js';
import type { Device } from '../learner/onnx/device.js';
import { fitSequences } from './fit_sequences.js';
import type { Recipe } from './recipe.js';
import { sequenceSamples } from './sequence_samples.js';

export interface CrossValidationOptions {
  readonly classes: readonly string[];
  readonly folds: number;
  /** Decides which subjects share a fold. */
  readonly foldSeed: number;
  readonly mcdoRepeats: number;
  readonly device: Device;
  /** Hears how many epochs of all folds together are done. */
  readonly onProgress: (done: number, total: number) => void;
}

export interface FoldReport {
  readonly fold: number;
  readonly samples: number;
  readonly accuracy: number;
}

export interface CrossValidation {
  /** Over the samples of all folds together. */
  readonly report: ClassificationReport;
  readonly folds: readonly FoldReport[];
  /** One entry a fold: answers to its samples by a network that saw no sample of the same subject. */
  readonly heldOut: readonly LabelledLogits[];
}

/** Trains one network a fold on the other folds' subjects, and answers the fold's samples with it. */
export async function crossValidate(
  recipe: Recipe,
  sequences: readonly LandmarkSequence[],
  options: CrossValidationOptions,
): Promise<CrossValidation> {
  const { classes, folds, foldSeed, device, mcdoRepeats } = options;
  const foldOf = subjectIndependentFolds(
    sequences.map(({ subject }) => subject),
    sequences.map(({ category }) => category),
    folds,
    foldSeed,
  );
  let epochsDone = 0;
  const answerFold = async (fold: number): Promise<LabelledLogits> => {
    const learner = await fitSequences(
      recipe,
      sequences.filter((_, i) => foldOf[i] !== fold),
      {
        classes,
        seed: recipe.training.seed + fold * SEEDS_PER_FOLD,
        device,
        threads: 1,
        onEpoch: () => options.onProgress(++epochsDone, folds * recipe.training.epochs),
      },
    );
    const samples = sequenceSamples(
      learner,
      sequences.filter((_, i) => foldOf[i] === fold),
    );
    const logits = await learner.logits(samples.data, samples.count, mcdoRepeats, recipe.training.seed);
    await learner.release();
    return { logits, labels: samples.labels, count: samples.count };
  };
  const heldOut = await inParallel(folds, answerFold);
  const predictions = heldOut.map(({ logits, count }) =>
    estimatesOf(logits, count, classes, mcdoRepeats, 1).map(({ categoryIndex }) => categoryIndex),
  );
  return {
    report: classificationReport(
      heldOut.flatMap(({ labels }) => [...labels]),
      predictions.flat(),
      classes,
    ),
    folds: heldOut.map(({ labels, count }, fold) => ({
      fold,
      samples: count,
      accuracy: classificationReport(labels, predictions[fold]!, classes).accuracy,
    })),
    heldOut,
  };
}

/** Seeds of one fold's epochs do not meet those of the next. */
const SEEDS_PER_FOLD = 100_000;

/** Runs tasks 0 .. count - 1, as many at a time as there are cores: small networks gain nothing from threads of their own. */
async function inParallel<T>(count: number, task: (index: number) => Promise<T>): Promise<T[]> {
  const results = new Array<T>(count);
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next++;
      results[index] = await task(index);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}
