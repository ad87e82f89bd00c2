import { readFileOf, writeFileWhole } from '../../files.js';
import { jsonText, parseJson } from '../../json.js';
import {
  type AppearanceClassifier,
  type ModelAppearance,
  parseAppearanceClassifier,
} from '../../learner/appearance/appearance_classifier.js';
import type { Recipe } from '../recipe.js';

/** Digits that a weight is written with: more change no probability by 1e-4. */
const DIGITS = 5;

/**
 * The classifier of pixels that a recipe names, for a model's metadata.
 *
 * @throws InvalidInputError naming the file that is missing or not what `writeAppearanceClassifier` writes
 */
export async function readModelAppearance({
  classifier: path,
  landmarks_power,
}: NonNullable<Recipe['appearance']>): Promise<ModelAppearance> {
  const thing = 'the classifier of pixels';
  const json = parseJson((await readFileOf(thing, path)).toString('utf8'), thing, path);
  return { classifier: parseAppearanceClassifier(json, path), landmarks_power };
}

/** Writes a classifier of pixels as JSON, a class a line. */
export function writeAppearanceClassifier(path: string, classifier: AppearanceClassifier): Promise<void> {
  const { classes, weights, bias } = classifier;
  const written = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(DIGITS)));
  return writeFileWhole(path, jsonText({ classes, weights: weights.map(written), bias: written(bias) }));
}
