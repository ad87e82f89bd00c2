import type { OutputKind } from './expression_output.js';
import { MESSAGE_OUTPUT } from './message_output.js';

/** All that expression_node publishes about images. */
export const ALL_OUTPUTS: readonly OutputKind[] = [MESSAGE_OUTPUT];
