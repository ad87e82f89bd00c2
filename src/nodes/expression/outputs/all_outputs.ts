import { ANNOTATED_OUTPUT } from './annotated_output.js';
import { DETECTION_OUTPUT } from './detection_output.js';
import type { OutputKind } from './expression_output.js';
import { HRI_OUTPUT } from './hri_output.js';
import { MARKER_OUTPUT } from './marker_output.js';
import { MESSAGE_OUTPUT } from './message_output.js';
import { OPENDR_OUTPUT } from './opendr_output.js';

/** All that expression_node publishes about images. */
export const ALL_OUTPUTS: readonly OutputKind[] = [
  MESSAGE_OUTPUT,
  OPENDR_OUTPUT,
  DETECTION_OUTPUT,
  HRI_OUTPUT,
  MARKER_OUTPUT,
  ANNOTATED_OUTPUT,
];
