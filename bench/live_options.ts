import { join } from 'node:path';
import type { ParseArgsConfig } from 'node:util';
import { DEFAULT_MODEL, modelLocation } from '../src/learner/checkpoint/model_location.js';
import { ExpressionClassifier } from '../src/learner/expression_classifier.js';
import { DEFAULT_LANDMARK_EXTRACTOR } from '../src/perception/landmarks/landmark_extractor_name.js';
import { sharedData } from '../test/support/clips.js';

/** The options of measurements on clips, for `parseArgs`: which clips, which model, and how figures are told. */
export const LIVE_OPTIONS = {
  json: { type: 'boolean' },
  markdown: { type: 'boolean' },
  model: { type: 'string', default: DEFAULT_MODEL },
  clips: { type: 'string', multiple: true, default: [join(sharedData, 'video')] },
  only: { type: 'string', default: '' },
  extractor: { type: 'string', default: DEFAULT_LANDMARK_EXTRACTOR },
} as const satisfies ParseArgsConfig['options'];

/** The model of the option `model`, as a node opens it for an extractor's landmarks; the caller releases it. */
export function openModel(model: string, landmarkExtractor: string): Promise<ExpressionClassifier> {
  return ExpressionClassifier.load({ ...modelLocation(model), device: 'cpu', threads: 1, landmarkExtractor });
}
