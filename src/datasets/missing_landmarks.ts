/** What becomes of a frame without a face. */
export const MISSING_RULES = ['skip', 'repeat', 'interpolate'] as const;

export type MissingRule = (typeof MISSING_RULES)[number];

/** Landmarks of a frame that was filled in or not. */
export interface FilledFrame {
  /** (68, 2); null where there are none. */
  readonly landmarks: Float32Array | null;
  readonly state: 'found' | 'repeated' | 'interpolated' | 'missing';
}

/**
 * Fills in the landmarks of frames without a face: `skip` leaves them out, `repeat` takes those of the nearest frame before
 * (at the start, the nearest after), `interpolate` goes straight from the frame before to the one after, and repeats at
 * the ends. A sequence without any face stays empty.
 *
 * @param frames of a sequence, in order; each (68, 2), flat, or null
 */
export function fillMissing(frames: readonly (Float32Array | null)[], rule: MissingRule): FilledFrame[] {
  return frames.map((landmarks, i) => {
    if (landmarks !== null) return { landmarks, state: 'found' };
    const before = rule === 'skip' ? -1 : frames.findLastIndex((frame, at) => at < i && frame !== null);
    const after = rule === 'skip' ? -1 : frames.findIndex((frame, at) => at > i && frame !== null);
    if (before < 0 && after < 0) return { landmarks: null, state: 'missing' };
    if (rule === 'repeat' || before < 0 || after < 0) {
      return { landmarks: frames[before < 0 ? after : before]!, state: 'repeated' };
    }
    const [from, to] = [frames[before]!, frames[after]!];
    const share = (i - before) / (after - before);
    return { landmarks: from.map((value, at) => value + share * (to[at]! - value)), state: 'interpolated' };
  });
}
