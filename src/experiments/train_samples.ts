import { join } from 'node:path';
import { augmentedEpochs } from '../datasets/augmented_source.js';
import { ExternalDataset } from '../datasets/external_dataset.js';
import {
  listPreparedParts,
  type PreparedDescription,
  type PreparedPart,
  readPreparedDescription,
} from '../datasets/prepared_folder.js';
import type { FileSampleSource } from '../datasets/sample_source.js';
import { InvalidInputError } from '../errors.js';
import { datasetClasses } from '../learner/checkpoint/dataset_classes.js';
import type { EvalResults } from '../learner/evaluation/evaluate_network.js';
import type { SampleSource } from '../learner/samples.js';
import { type LearnedRecipe, type LearningListener, learnSamples, type Method } from './learn_recipe.js';
import type { Recipe } from './recipe.js';
import { recipeLearnerOptions, type Workplace } from './recipe_learner.js';

/** A model of prepared samples that was trained and written. */
export interface TrainedOnSamples {
  /** FOLDER/NAME of its files. */
  readonly path: string;
  readonly learned: LearnedRecipe;
  /** Of FOLDER/val.npy, before the temperature is fitted on it; null where there is none. */
  readonly evaluation: EvalResults | null;
}

/**
 * Trains a model on the prepared samples of a folder (train.npy and train_labels.pkl; val.npy and val_labels.pkl where
 * they are there; or those of a fold), and writes it. The temperature is fitted on the validation data.
 *
 * @returns null where it was aborted: nothing was written but the checkpoints
 */
export async function trainOnSamples(
  recipe: Recipe,
  folder: string,
  method: Method,
  mcdoRepeats: number,
  workplace: Workplace,
  listener: LearningListener = {},
): Promise<TrainedOnSamples | null> {
  const dataset = new ExternalDataset(folder, recipe.dataset_name);
  const files = partsOfFold(recipe, folder);
  const description = await readPreparedDescription(folder);
  const training = await dataset.open(files.train);
  let validation: FileSampleSource | null = null;
  try {
    if (files.val !== undefined) validation = await dataset.open(files.val);
    const augmented = augmentedEpochs(training, recipe.data_augmentation, description?.muscles !== undefined);
    const { classes: described = classesOfSamples(recipe, training, validation) } = description ?? {};
    const classes = recipe.classes.length > 0 ? recipe.classes : described;
    const [inChannels, numFrames, numPoint, numPerson] = training.dims;
    const options = {
      ...recipeLearnerOptions(recipe, { classes, seed: recipe.training.seed }, workplace),
      ...{ inChannels, numFrames, numPoint, numPerson },
    };
    const learned = await learnSamples(recipe, options, augmented, validation, method, workplace, listener);
    const { learner } = learned;
    if (learned.ended === 'aborted') return null;
    if (description !== null) describe(learner, description);
    const { silent } = workplace;
    // Before the temperature is fitted on the same samples: their calibration would look better than it is.
    const evaluation = validation && (await learner.eval(validation, { mcdoRepeats, silent, verbose: false }));
    if (validation !== null) await learner.calibrate(validation, { mcdoRepeats });
    await learner.save(recipe.output, recipe.name, false);
    await learner.release();
    return { path: join(recipe.output, recipe.name), learned, evaluation };
  } finally {
    await training.close();
    await validation?.close();
  }
}

/** By the dataset's name where the labels fit it, else as many as there are labels. */
function classesOfSamples(recipe: Recipe, training: SampleSource, validation: SampleSource | null): string[] {
  let largest = 1;
  for (const { labels } of validation === null ? [training] : [training, validation]) {
    for (const label of labels) largest = Math.max(largest, label);
  }
  return datasetClasses(recipe.dataset_name, largest + 1);
}

/** The files that are trained on, and those of the validation data, where there are any. */
function partsOfFold(
  { data_fold }: Recipe,
  folder: string,
): { readonly train: PreparedPart; readonly val: PreparedPart | undefined } {
  const parts = listPreparedParts(folder);
  const of = (split: PreparedPart['split']) => parts.find((part) => part.split === split && part.fold === data_fold);
  const train = of('train');
  if (train === undefined) {
    const folds = [...new Set(parts.map(({ fold }) => fold ?? 'null'))].join(', ');
    throw new InvalidInputError('data_fold', data_fold, `one that there are training data of: ${folds}`, folder);
  }
  return { train, val: of('val') };
}

/** Notes in a model's metadata how its samples were made. */
function describe(learner: LearnedRecipe['learner'], { extractor, muscles, window }: PreparedDescription): void {
  if (extractor !== null) learner.landmarkExtractors = [extractor];
  if (window !== undefined) {
    learner.window = { ...window, features: { ...window.features, ...(muscles && { muscles }) } };
  } else if (muscles !== undefined) learner.muscles = muscles;
}
