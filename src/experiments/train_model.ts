import { join } from 'node:path';
import { classesOf } from '../datasets/expression_windows.js';
import { readLandmarkTree } from '../datasets/landmark_tree.js';
import { InvalidInputError } from '../errors.js';
import { writeFileWhole } from '../files.js';
import { fitTemperature } from '../learner/calibration/temperature.js';
import type { Device } from '../learner/onnx/device.js';
import type { EpochResult } from '../learner/training/train.js';
import { type CrossValidation, crossValidate } from './cross_validation.js';
import { fitSequences } from './fit_sequences.js';
import { modelCard } from './model_card.js';
import type { Recipe } from './recipe.js';

export interface TrainModelOptions {
  /** Where the recipe was read from, for the model card and errors. */
  readonly recipePath: string;
  /** Goes before the recipe's. */
  readonly landmarks?: string;
  readonly output?: string;
  readonly device: Device;
  readonly onValidation: (done: number, total: number) => void;
  readonly onEpoch: (result: EpochResult, epochs: number) => void;
}

/** Monte Carlo repeats of the validation's answers. */
const REPEATS = 100;

/**
 * Trains a model on all sequences and writes it with its card. Its temperature and the card's figures come from
 * networks of the same recipe that are tested on subjects that they have not seen.
 *
 * @returns path: the model as DIR/NAME
 */
export async function trainModel(
  recipe: Recipe,
  options: TrainModelOptions,
): Promise<{ path: string; crossValidation: CrossValidation | null }> {
  const landmarks = options.landmarks ?? recipe.landmarks;
  if (landmarks === undefined) {
    throw new InvalidInputError('landmarks', undefined, 'a folder, here or as --landmarks', options.recipePath);
  }
  const sequences = readLandmarkTree(landmarks);
  const classes = classesOf(sequences, recipe.neutral_share > 0);
  const { device } = options;
  const crossValidation =
    recipe.validation_folds > 0
      ? await crossValidate(recipe, sequences, {
          classes,
          folds: recipe.validation_folds,
          foldSeed: recipe.training.seed,
          mcdoRepeats: REPEATS,
          device,
          onProgress: options.onValidation,
        })
      : null;
  const learner = await fitSequences(recipe, sequences, {
    classes,
    seed: recipe.training.seed,
    device,
    threads: 0,
    onEpoch: (result) => options.onEpoch(result, recipe.training.epochs),
  });
  const temperature = crossValidation === null ? 1 : fitTemperature(crossValidation.heldOut, classes.length);
  learner.temperature = temperature;
  const output = options.output ?? recipe.output;
  await learner.save(output, recipe.name);
  await learner.release();
  const path = join(output, recipe.name);
  await writeFileWhole(`${path}.md`, modelCard(recipe, sequences, temperature, crossValidation));
  return { path, crossValidation };
}
