import type { TimeMessage } from '../messages.js';

/** diagnostic_msgs/msg/DiagnosticStatus: how bad it is. */
export const DIAGNOSTIC_LEVELS = { OK: 0, WARN: 1, ERROR: 2, STALE: 3 } as const;

/** `STALE`: nothing is known, since nothing was measured lately. */
export type DiagnosticLevel = keyof typeof DIAGNOSTIC_LEVELS;

/** How one part of a node is. */
export interface DiagnosticStatus {
  /** Of the part, such as `images`. */
  readonly part: string;
  readonly level: DiagnosticLevel;
  /** For a person. */
  readonly message: string;
  /** Figures and texts by their names; names of figures end with their units in brackets. */
  readonly values: Readonly<Record<string, string | number | boolean>>;
}

/** diagnostic_msgs/msg/DiagnosticArray. */
export interface DiagnosticArrayMessage {
  header: { stamp: TimeMessage; frame_id: string };
  status: {
    level: number;
    name: string;
    message: string;
    hardware_id: string;
    values: { key: string; value: string }[];
  }[];
}

/**
 * The message about a node's parts.
 *
 * @param node its fully qualified name, such as /robot/expression_node: the parts are then `robot/expression_node: images`, ...
 * @param hardwareId what the node works with
 */
export function diagnosticArray(
  stamp: TimeMessage,
  node: string,
  hardwareId: string,
  statuses: readonly DiagnosticStatus[],
): DiagnosticArrayMessage {
  return {
    header: { stamp, frame_id: '' },
    status: statuses.map(({ part, level, message, values }) => ({
      level: DIAGNOSTIC_LEVELS[level],
      name: `${node.replace(/^\//, '')}: ${part}`,
      message,
      hardware_id: hardwareId,
      values: Object.entries(values).map(([key, value]) => ({ key, value: textOf(value) })),
    })),
  };
}

/** Figures with two decimals at most: times in milliseconds need no more. */
function textOf(value: string | number | boolean): string {
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : String(value);
}
