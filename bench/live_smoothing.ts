import { SteadyEstimate } from '../src/learner/inference/steady_estimate.js';
import { type Answer, behaviourOf, type Note } from './live_behaviour.js';
import type { OwnAnswer } from './live_references.js';
import { median } from './median.js';

/** How answers are smoothed. */
export interface Smoothing {
  readonly smoothingMs: number;
  readonly margin: number;
}

/** The node's own, and others. A margin needs some smoothing: the least is a tenth of a millisecond. */
export const SMOOTHINGS: readonly Smoothing[] = [
  { smoothingMs: 0, margin: 0 },
  { smoothingMs: 0.1, margin: 0.1 },
  { smoothingMs: 150, margin: 0.1 },
  { smoothingMs: 250, margin: 0.1 },
  { smoothingMs: 250, margin: 0.2 },
  { smoothingMs: 400, margin: 0.1 },
  { smoothingMs: 600, margin: 0.1 },
];
const OWN: Smoothing = { smoothingMs: 250, margin: 0.1 };

/** The answers to a clip, image by image, and what is noted of it. */
export interface NotedAnswers {
  readonly own: readonly OwnAnswer[];
  readonly notes: readonly Note[];
}

export interface SmoothingReport {
  readonly smoothing_ms: number;
  readonly margin: number;
  /** Of all clips together; null where none has rest. */
  readonly changes_in_10_s_of_rest: number | null;
  /** From the first image of a noted expression whose own answer is it to its being named, median; null where none is. */
  readonly lag_s: number | null;
  /** Noted expressions that images say, but that are never named. */
  readonly not_named: number;
  /** Noted expressions that any image says. */
  readonly expressions: number;
}

/** The answers smoothed, each track by itself. */
export function steadied(own: readonly OwnAnswer[], { smoothingMs, margin }: Smoothing = OWN): Answer[] {
  const tracks = new Map<number, SteadyEstimate>();
  return own.map(({ stampSeconds, trackId, estimate }) => {
    if (estimate === undefined) return { stampSeconds, estimate };
    const track = tracks.get(trackId) ?? new SteadyEstimate({ smoothingSeconds: smoothingMs / 1000, margin });
    tracks.set(trackId, track);
    return { stampSeconds, estimate: track.add(stampSeconds, estimate) };
  });
}

/** What a smoothing does to the answers of some clips. */
export function smoothingReport(clips: readonly NotedAnswers[], smoothing: Smoothing): SmoothingReport {
  let [changes, seconds] = [0, 0];
  const lags: number[] = [];
  let expressions = 0;
  for (const { own, notes } of clips) {
    const steady = behaviourOf(steadied(own, smoothing), notes);
    changes += ((steady.changes_in_10_s_of_rest ?? 0) * steady.seconds_of_rest) / 10;
    seconds += steady.seconds_of_rest;
    for (const [index, { named_after_s: said }] of behaviourOf(own, notes).expressions.entries()) {
      if (said === null) continue;
      expressions++;
      const named = steady.expressions[index]!.named_after_s;
      if (named !== null) lags.push(named - said);
    }
  }
  return {
    smoothing_ms: Math.round(smoothing.smoothingMs),
    margin: smoothing.margin,
    changes_in_10_s_of_rest: seconds === 0 ? null : (10 * changes) / seconds,
    lag_s: lags.length === 0 ? null : median(lags),
    not_named: expressions - lags.length,
    expressions,
  };
}
