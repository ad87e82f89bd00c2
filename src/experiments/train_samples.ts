import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ExternalDataset } from '../datasets/external_dataset.js';
import type { FileSampleSource } from '../datasets/sample_source.js';
import { datasetClasses } from '../learner/checkpoint/dataset_classes.js';
import type { EvalResults } from '../learner/evaluation/evaluate_network.js';
import type { SampleSource } from '../learner/samples.js';
import { type LearnedRecipe, type LearningListener, learnSamples, type Method } from './learn_recipe.js';
import type { Recipe } from './recipe.js';
import { recipeLearnerOptions, type Workplace } from './recipe_learner.js';

const TRAINING = { dataFilename: 'train.npy', labelsFilename: 'train_labels.pkl' };
const VALIDATION = { dataFilename: 'val.npy', labelsFilename: 'val_labels.pkl' };

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
 * they are there), and writes it. The temperature is fitted on the validation data.
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
  const training = await dataset.open(TRAINING);
  let validation: FileSampleSource | null = null;
  try {
    if (existsSync(join(folder, VALIDATION.dataFilename))) validation = await dataset.open(VALIDATION);
    const classes = recipe.classes.length > 0 ? recipe.classes : classesOfSamples(recipe, training, validation);
    const [inChannels, numFrames, numPoint, numPerson] = training.dims;
    const options = {
      ...recipeLearnerOptions(recipe, { classes, seed: recipe.training.seed }, workplace),
      ...{ inChannels, numFrames, numPoint, numPerson },
    };
    const learned = await learnSamples(recipe, options, training, validation, method, workplace, listener);
    const { learner } = learned;
    if (learned.ended === 'aborted') return null;
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
