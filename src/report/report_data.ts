import type { BuildCandidate } from '../learner/building/candidate.js';
import type { EvaluationReport } from '../learner/evaluation/evaluation_report.js';
import type { ExpressionEstimate } from '../learner/inference/expression_estimate.js';

/** One epoch of training. Losses in nats, accuracies 0 to 1. */
export interface ReportEpoch {
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  /** On validation data, where there are any. */
  readonly valLoss?: number | null;
  readonly valAccuracy?: number | null;
}

/** One fold of a cross-validation. */
export interface ReportFold {
  /** From 0. */
  readonly fold: number;
  readonly samples: number;
  readonly accuracy: number;
}

/** Held-out windows of one kind. */
export interface ReportGroup {
  /** What the windows show. */
  readonly source: 'sequences' | 'first_frames' | 'stills';
  /** What found their landmarks. */
  readonly extractor: string;
  /** What they are compared with: the extractor's mean neutral face, or the person's own. */
  readonly reference: 'mean' | 'own';
  readonly samples: number;
  readonly accuracy: number;
  readonly mean_recall: number;
  readonly expected_calibration_error: number;
}

/** A window of landmarks and what the model says of it. */
export interface ReportExample {
  /** (T, V, 2), flat: x and y, y downwards, of all frames; of 68 points in dlib's order or the 51 without the jaw. */
  readonly landmarks: Float32Array;
  /** T */
  readonly frames: number;
  /** Name of the true class. */
  readonly label: string;
  readonly estimate: ExpressionEstimate;
}

/** What a report tells; a list that is empty, or null, leaves its section out. */
export interface ReportData {
  readonly title: string;
  readonly kind: 'train' | 'build' | 'evaluate' | 'cross-validate';
  /** Names and values: when, on which data, topology, parameters, options. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Names of the classes, in the order of the estimates' probabilities. */
  readonly classes: readonly string[];
  readonly evaluation: EvaluationReport | null;
  readonly epochs: readonly ReportEpoch[];
  readonly candidates: readonly BuildCandidate[];
  readonly folds: readonly ReportFold[];
  readonly groups: readonly ReportGroup[];
  /** In the order in which they are shown; see `mostUncertain`. */
  readonly examples: readonly ReportExample[];
}
