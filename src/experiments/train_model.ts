import { join } from 'node:path';
import { writeFileWhole } from '../files.js';
import type { ModelAppearance } from '../learner/appearance/appearance_classifier.js';
import type { CrossValidation } from './cross_validation.js';
import type { LandmarkData } from './landmark_data.js';
import { type LearnedRecipe, type LearningListener, learnLandmarks, type Method } from './learn_recipe.js';
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
 * Trains a model on all data and writes it with its card.
 *
 * @param appearance what the recipe's `appearance` names, or null
 * @param crossValidation of the same recipe: the source of the temperature and of the card's figures; null leaves both out
 * @returns null where it was aborted: nothing was written but the checkpoints
 */
export async function trainModel(
  recipe: LandmarkRecipe,
  data: LandmarkData,
  method: Method,
  appearance: ModelAppearance | null,
  crossValidation: CrossValidation | null,
  workplace: Workplace,
  listener: LearningListener = {},
): Promise<TrainedModel | null> {
  const classes = data.classes(recipe);
  const numbers = { classes, seed: recipe.training.seed };
  const learned = await learnLandmarks(recipe, data, method, numbers, workplace, listener);
  const { learner, ended } = learned;
  if (ended === 'aborted') return null;
  learner.temperature = crossValidation?.temperature ?? 1;
  learner.appearance = appearance;
  await learner.save(recipe.output, recipe.name, false);
  await learner.release();
  const path = join(recipe.output, recipe.name);
  const card = modelCard({ ...recipe, network: { ...recipe.network, topology: [...learner.topology] } }, data, {
    extractors: learner.landmarkExtractors,
    temperature: learner.temperature,
    crossValidation,
    candidates: learned.candidates,
  });
  await writeFileWhole(`${path}.md`, card);
  return { path, learned };
}
