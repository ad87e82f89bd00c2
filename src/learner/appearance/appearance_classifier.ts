import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import { parseOptions } from '../../options.js';
import { FEATURES } from '../../perception/appearance/expression_graph.js';
import type { Appearance } from '../../perception/appearance/face_appearance.js';
import type { Evidence } from '../inference/expression_estimate.js';
import { softmax } from '../inference/softmax.js';

const classes = z.array(z.string().min(1)).min(2);

/** What the pixels of a face tell of expressions: a linear classifier of its Appearance, by which all classes are alike probable. */
export const appearanceClassifierSchema = z
  .strictObject({
    /** Names of the classes that pixels tell apart (K). */
    classes: classes.refine((names) => new Set(names).size === names.length, 'each class once'),
    /** (K, 256): by class, what each feature adds to its logit. */
    weights: z.array(z.array(z.number()).length(FEATURES)),
    /** (K): the logits of features that are all 0. */
    bias: z.array(z.number()),
  })
  .refine(({ classes: names, weights, bias }) => weights.length === names.length && bias.length === names.length, {
    message: 'a row of weights and a bias for each class',
    path: ['weights'],
  });

export type AppearanceClassifier = z.output<typeof appearanceClassifierSchema>;

/** An appearance classifier as a part of a model that knows landmarks. */
export const modelAppearanceSchema = z.strictObject({
  classifier: appearanceClassifierSchema,
  /**
   * Power that the probabilities by landmarks are taken to where pixels are seen too, 0 to 1: both show in part the same, and below 1
   * landmarks count as less sure.
   */
  landmarks_power: z.number().min(0).max(1),
});

export type ModelAppearance = z.output<typeof modelAppearanceSchema>;

/**
 * @param origin of the value, for the error
 * @throws InvalidInputError naming the key that is wrong
 */
export function parseAppearanceClassifier(value: unknown, origin: string): AppearanceClassifier {
  return parseOptions(appearanceClassifierSchema, value, origin);
}

/**
 * @returns (K): the probability of each class that pixels tell apart
 * @throws InvalidInputError where there are more or fewer features than weights
 */
export function appearanceProbabilities(appearance: Appearance, { weights, bias }: AppearanceClassifier): Float64Array {
  const expected = weights[0]!.length;
  if (appearance.length !== expected) {
    throw new InvalidInputError(
      'the length of an Appearance',
      appearance.length,
      `${expected}, as many as weights`,
      'appearanceProbabilities',
    );
  }
  const logits = bias.map((offset, k) =>
    weights[k]!.reduce((sum, weight, feature) => sum + weight * appearance[feature]!, offset),
  );
  const probabilities = new Float64Array(bias.length);
  softmax(logits, 0, 1, probabilities);
  return probabilities;
}

/**
 * What the pixels of a face tell of each class of a model.
 *
 * @param appearance null or undefined where nobody looked
 * @param classes of the model
 * @param model null for one that does not go by pixels
 * @param ownReference how much the face that the landmarks are compared with is the person's own, 0 to 1: landmarks tell more then, and
 *   their power rises to 1
 * @returns undefined where there is nothing to go by
 */
export function appearanceEvidence(
  appearance: Appearance | null | undefined,
  classes: readonly string[],
  model: ModelAppearance | null,
  ownReference = 0,
): Evidence | undefined {
  if (!appearance || model === null) return undefined;
  const { classifier, landmarks_power: power } = model;
  const seen = appearanceProbabilities(appearance, classifier);
  const likelihoods = classes.map((name) => {
    const known = classifier.classes.indexOf(name);
    return known < 0 ? null : seen[known]!;
  });
  return { likelihoods, power: power + (1 - power) * ownReference };
}
