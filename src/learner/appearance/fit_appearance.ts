import { InvalidInputError } from '../../errors.js';
import type { LinearLayer } from '../../perception/appearance/expression_network.js';
import { softmax } from '../inference/softmax.js';
import type { AppearanceClassifier } from './appearance_classifier.js';
import { minimise } from './minimise.js';

/** Faces of one kind, such as photos, and what their pixels look like. */
export interface AppearanceSamples {
  /** (N): their Appearances; all as long. */
  readonly features: readonly Float32Array[];
  /** (N): names of their classes. */
  readonly classes: readonly string[];
  /** How much they count beside the other kinds, above 0. */
  readonly share: number;
}

/** How much a classifier may go by single features. */
export interface AppearanceDecay {
  /** Of what all kinds of faces have in common, above 0. */
  readonly decay: number;
  /** Of what each kind has for itself, above 0. */
  readonly ownDecay: number;
}

/** What a classifier begins with: the weights that it keeps where faces say nothing against them. */
export interface AppearancePrior {
  readonly layer: LinearLayer;
  /** Of its weights, from 0. */
  readonly share: number;
}

const ITERATIONS = 200;

/**
 * Learns to tell classes by pixels from faces of several kinds: logistic regression whose weights are the sum of common ones and of
 * those of the kind (Daumé 2007). Each class of a kind counts alike, however many faces it has; and a face is only asked which of its
 * own kind's classes it is, so that a class that one kind lacks is learned from the others, and not taken for improbable there.
 *
 * @param kinds the first one is what the classifier is for: its weights are those that come out
 * @param prior what the weights are learned in addition to; by default nothing
 * @returns over all classes that there are, in the order of their first faces
 * @throws InvalidInputError where a kind has fewer than two classes, features of several lengths, or a share or decay is not above 0
 */
export function fitAppearance(
  kinds: readonly AppearanceSamples[],
  { decay, ownDecay }: AppearanceDecay,
  prior?: AppearancePrior,
): AppearanceClassifier {
  checkNumbers(kinds, { decay, ownDecay });
  const classes = [...new Set(kinds.flatMap((kind) => kind.classes))];
  const start = classes.map((name) => startOf(name, kinds[0]!.features[0]!.length, prior));
  const scaling = scalingOf(kinds[0]!.features);
  const size = scaling.mean.length;
  const prepared = kinds.map((kind) => preparedKind(kind, classes, scaling, start));
  // A row is a class's weights and its bias; the common ones come first, then those of each kind.
  const row = size + 1;
  const block = classes.length * row;
  const totalShare = kinds.reduce((sum, { share }) => sum + share, 0);
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    gradient.fill(0);
    let value = penalty(point, gradient, decay, ownDecay, { block, row });
    prepared.forEach((kind, k) => {
      value += lossOf(kind, kinds[k]!.share / totalShare, point, gradient, { own: (k + 1) * block, block, row });
    });
    return value;
  };
  const point = minimise(objective, new Float64Array((1 + kinds.length) * block), ITERATIONS);
  const standard = (k: number, feature: number) => point[k * row + feature]! + point[block + k * row + feature]!;
  const added = classes.map((_, k) =>
    Array.from(scaling.mean, (_mean, feature) => standard(k, feature) / scaling.deviation[feature]!),
  );
  const weights = added.map((of, k) => of.map((weight, feature) => weight + start[k]!.weights[feature]!));
  const bias = added.map((of, k) =>
    of.reduce((sum, weight, feature) => sum - weight * scaling.mean[feature]!, standard(k, size) + start[k]!.bias),
  );
  return { classes, weights, bias };
}

/** The weights and the bias that a class begins with. */
interface Start {
  readonly weights: readonly number[];
  readonly bias: number;
}

function startOf(name: string, size: number, prior: AppearancePrior | undefined): Start {
  const known = prior === undefined ? -1 : prior.layer.classes.indexOf(name);
  if (prior === undefined || known < 0) return { weights: new Array<number>(size).fill(0), bias: 0 };
  const { layer, share } = prior;
  return { weights: layer.weights[known]!.map((weight) => share * weight), bias: share * layer.bias[known]! };
}

function checkNumbers(kinds: readonly AppearanceSamples[], decays: AppearanceDecay): void {
  const origin = 'fitAppearance';
  for (const [name, value] of Object.entries(decays)) {
    if (!(value > 0)) throw new InvalidInputError(name, value, 'a number above 0', origin);
  }
  const size = kinds[0]?.features[0]?.length;
  kinds.forEach(({ features, classes, share }, kind) => {
    const distinct = new Set(classes).size;
    if (distinct < 2) throw new InvalidInputError(`the classes of kind ${kind}`, distinct, '2 or more', origin);
    if (!(share > 0)) throw new InvalidInputError(`the share of kind ${kind}`, share, 'a number above 0', origin);
    if (features.length !== classes.length || features.some(({ length }) => length !== size)) {
      const lengths = [...new Set(features.map(({ length }) => length))];
      const expected = `${classes.length} of ${size} values, one for each class named`;
      throw new InvalidInputError(
        `the features of kind ${kind}`,
        { count: features.length, lengths },
        expected,
        origin,
      );
    }
  });
  if (size === undefined) throw new InvalidInputError('the kinds of faces', kinds.length, '1 or more', origin);
}

interface Scaling {
  readonly mean: Float64Array;
  /** 1 for a feature that is always the same. */
  readonly deviation: Float64Array;
}

function scalingOf(features: readonly Float32Array[]): Scaling {
  const size = features[0]!.length;
  const mean = new Float64Array(size);
  const squares = new Float64Array(size);
  for (const face of features) {
    for (let i = 0; i < size; i++) {
      mean[i]! += face[i]! / features.length;
      squares[i]! += face[i]! ** 2 / features.length;
    }
  }
  const deviation = squares.map((square, i) => Math.sqrt(Math.max(0, square - mean[i]! ** 2)) || 1);
  return { mean, deviation };
}

/** Faces of one kind, as numbers. */
interface PreparedKind {
  /** (N): standardised, and a 1 for the bias. */
  readonly inputs: readonly Float64Array[];
  /** (N, K): the logits that they begin with. */
  readonly before: readonly Float64Array[];
  /** (N): indices of their classes. */
  readonly labels: readonly number[];
  /** Indices of the classes that the kind has. */
  readonly present: readonly number[];
  /** By class: how much a face of it counts; all together 1. */
  readonly weightOf: readonly number[];
}

function preparedKind(
  kind: AppearanceSamples,
  classes: readonly string[],
  { mean, deviation }: Scaling,
  start: readonly Start[],
): PreparedKind {
  const inputs = kind.features.map((face) => {
    const input = new Float64Array(mean.length + 1).fill(1);
    face.forEach((value, i) => {
      input[i] = (value - mean[i]!) / deviation[i]!;
    });
    return input;
  });
  const before = kind.features.map((face) =>
    Float64Array.from(start, ({ weights, bias }) => weights.reduce((sum, weight, i) => sum + weight * face[i]!, bias)),
  );
  const labels = kind.classes.map((name) => classes.indexOf(name));
  const counts = classes.map((_, k) => labels.filter((label) => label === k).length);
  const present = classes.map((_, k) => k).filter((k) => counts[k]! > 0);
  return { inputs, before, labels, present, weightOf: counts.map((count) => 1 / (count * present.length)) };
}

/** The squares of the weights, the biases that are common left out; adds to the gradient. */
function penalty(
  point: Float64Array,
  gradient: Float64Array,
  decay: number,
  ownDecay: number,
  { block, row }: { block: number; row: number },
): number {
  let value = 0;
  for (let i = 0; i < point.length; i++) {
    const isCommon = i < block;
    if (isCommon && i % row === row - 1) continue;
    const factor = isCommon ? decay : ownDecay;
    value += factor * point[i]! ** 2;
    gradient[i]! += 2 * factor * point[i]!;
  }
  return value;
}

/** The cross-entropy of a kind's faces among the classes that it has, times its share; adds to the gradient. */
function lossOf(
  { inputs, before, labels, present, weightOf }: PreparedKind,
  share: number,
  point: Float64Array,
  gradient: Float64Array,
  { own, block, row }: { own: number; block: number; row: number },
): number {
  const weights = point.slice(0, block).map((common, i) => common + point[own + i]!);
  const slopes = new Float64Array(block);
  const logits = new Float64Array(present.length);
  const probabilities = new Float64Array(present.length);
  let loss = 0;
  inputs.forEach((input, face) => {
    present.forEach((k, at) => {
      let sum = before[face]![k]!;
      for (let i = 0; i < row; i++) sum += input[i]! * weights[k * row + i]!;
      logits[at] = sum;
    });
    softmax(logits, 0, 1, probabilities);
    const weight = share * weightOf[labels[face]!]!;
    present.forEach((k, at) => {
      const isRight = k === labels[face];
      if (isRight) loss -= weight * Math.log(Math.max(probabilities[at]!, Number.MIN_VALUE));
      const error = weight * (probabilities[at]! - (isRight ? 1 : 0));
      for (let i = 0; i < row; i++) slopes[k * row + i]! += error * input[i]!;
    });
  });
  slopes.forEach((slope, i) => {
    gradient[i]! += slope;
    gradient[own + i]! += slope;
  });
  return loss;
}
