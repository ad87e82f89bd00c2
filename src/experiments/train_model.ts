import { join } from 'node:path';
import { classesOf } from '../datasets/expression_windows.js';
import type { LandmarkSequence } from '../datasets/landmark_tree.js';
import { writeFileWhole } from '../files.js';
import type { CrossValidation } from './cross_validation.js';
import { type LearnedRecipe, type LearningListener, learnSequences, type Method } from './learn_recipe.js';
import { modelCard } from './model_card.js';
import type { LandmarkRecipe } from './recipe.js';
import type { Workplace } from './recipe_learner.js';

/** A model that was trained and written. */
export interface TrainedModel {
  /** FOLDER/NAME of its files. */
  readonly path: string;
  readonly learned: LearnedRecipe;
}

/**
 * Trains a model on all sequences and writes it with its card.
 *
 * @param crossValidation of the same recipe: the source of the temperature and of the card's figures; null leaves both out
 * @returns null where it was aborted: nothing was written but the checkpoints
 */
export async function trainModel(
  recipe: LandmarkRecipe,
  sequences: readonly LandmarkSequence[],
  method: Method,
  crossValidation: CrossValidation | null,
  workplace: Workplace,
  listener: LearningListener = {},
): Promise<TrainedModel | null> {
  const classes = classesOf(sequences, recipe.neutral_share > 0);
  const numbers = { classes, seed: recipe.training.seed };
  const learned = await learnSequences(recipe, sequences, method, numbers, workplace, listener);
  const { learner, ended } = learned;
  if (ended === 'aborted') return null;
  learner.temperature = crossValidation?.temperature ?? 1;
  await learner.save(recipe.output, recipe.name, false);
  await learner.release();
  const path = join(recipe.output, recipe.name);
  const card = modelCard({ ...recipe, network: { ...recipe.network, topology: [...learner.topology] } }, sequences, {
    temperature: learner.temperature,
    crossValidation,
    candidates: learned.candidates,
  });
  await writeFileWhole(`${path}.md`, card);
  return { path, learned };
}
