import { InvalidInputError } from '../errors.js';
import type { BuildCandidate } from '../learner/building/candidate.js';
import type { Dataset, TrainingDataset } from '../learner/dataset.js';
import type { LearnerOptions } from '../learner/options.js';
import {
  type FitResult,
  ProgressiveSpatioTemporalBLNLearner,
} from '../learner/progressive_spatio_temporal_bln_learner.js';
import type { EpochRecord } from '../learner/training/training_run.js';
import type { LandmarkData } from './landmark_data.js';
import type { LandmarkRecipe, Recipe } from './recipe.js';
import { recipeFitOptions, recipeLearnerOptions, type Workplace } from './recipe_learner.js';

/** How a recipe makes its network: of the topology that it names, or by building. */
export type Method = 'fit' | 'build';

/** What is heard while a recipe is worked on. */
export interface LearningListener {
  readonly onEpoch?: (record: EpochRecord) => void;
  readonly onCandidate?: (candidate: BuildCandidate) => void;
}

/** A learner that has learned by a recipe, and how it went; the caller releases it. */
export interface LearnedRecipe {
  readonly learner: ProgressiveSpatioTemporalBLNLearner;
  /** Epochs of the training, or of the last candidate that was kept. */
  readonly epochs: readonly EpochRecord[];
  /** Empty where nothing was built. */
  readonly candidates: readonly BuildCandidate[];
  readonly ended: FitResult['ended'];
}

/** Learns landmarks by a recipe. */
export async function learnLandmarks(
  recipe: LandmarkRecipe,
  data: LandmarkData,
  method: Method,
  numbers: { readonly classes: readonly string[]; readonly seed: number },
  workplace: Workplace,
  listener: LearningListener = {},
): Promise<LearnedRecipe> {
  const { source, window, extractors, classOfOutput, numPoint } = data.training(recipe, numbers.classes);
  const options = { ...recipeLearnerOptions(recipe, numbers, workplace), numPoint, classOfOutput: [...classOfOutput] };
  const learned = await learn(recipe, options, source, null, method, workplace, listener);
  learned.learner.window = window;
  learned.learner.landmarkExtractors = extractors;
  return learned;
}

/** Learns prepared samples by a recipe; `options` says what their shape and classes are. */
export function learnSamples(
  recipe: Recipe,
  options: LearnerOptions,
  dataset: TrainingDataset,
  valDataset: Dataset | null,
  method: Method,
  workplace: Workplace,
  listener: LearningListener = {},
): Promise<LearnedRecipe> {
  return learn(recipe, options, dataset, valDataset, method, workplace, listener);
}

async function learn(
  recipe: Recipe,
  options: LearnerOptions,
  dataset: TrainingDataset,
  valDataset: Dataset | null,
  method: Method,
  workplace: Workplace,
  { onEpoch, onCandidate }: LearningListener,
): Promise<LearnedRecipe> {
  const fitOptions = recipeFitOptions(recipe, workplace);
  if (method === 'fit') {
    if (recipe.network.topology.length === 0) {
      const expected = 'the blocks of each layer, such as [3, 3] (or find them with build)';
      throw new InvalidInputError('network.topology', [], expected, `the recipe ${recipe.name}`);
    }
    const learner = new ProgressiveSpatioTemporalBLNLearner(options);
    const { epochs, ended } = await learner.fit(dataset, valDataset, fitOptions, (record) => {
      onEpoch?.(record);
      return true;
    });
    return { learner, epochs, candidates: [], ended };
  }
  const epochs = recipe.building.epochs ?? recipe.training.epochs;
  // The same share of a candidate's epochs as of the training's.
  const averageEpochs = Math.round((recipe.training.average_epochs * epochs) / recipe.training.epochs);
  const learner = new ProgressiveSpatioTemporalBLNLearner({ ...options, topology: [], epochs, averageEpochs });
  let kept: readonly EpochRecord[] = [];
  await learner.networkBuilder(dataset, valDataset, fitOptions, (candidate, records) => {
    if (candidate.kept) kept = records;
    onCandidate?.(candidate);
  });
  return { learner, epochs: kept, candidates: learner.candidates, ended: 'finished' };
}
