import { InvalidInputError } from '../../errors.js';
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
 * @param classes of the model
 * @throws InvalidInputError naming the file that is missing or not what `writeAppearanceClassifier` writes, or that tells fewer than two
 *   of the classes apart
 */
export async function readModelAppearance(
  { classifier: path, landmarks_power }: NonNullable<Recipe['appearance']>,
  classes: readonly string[],
): Promise<ModelAppearance> {
  const thing = 'the classifier of pixels';
  const json = parseJson((await readFileOf(thing, path)).toString('utf8'), thing, path);
  const classifier = parseAppearanceClassifier(json, path);
  if (classifier.classes.filter((name) => classes.includes(name)).length < 2) {
    const expected = `two or more of the model's: ${classes.join(', ')}`;
    throw new InvalidInputError('the classes of the classifier of pixels', classifier.classes, expected, path);
  }
  return { classifier, landmarks_power };
}

/** Writes a classifier of pixels as JSON, a class a line. */
export function writeAppearanceClassifier(path: string, classifier: AppearanceClassifier): Promise<void> {
  const { classes, weights, bias } = classifier;
  const written = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(DIGITS)));
  return writeFileWhole(path, jsonText({ classes, weights: weights.map(written), bias: written(bias) }));
}
