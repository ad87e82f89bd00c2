import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { NEUTRAL, sequenceWindow } from './expression_windows.js';
import type { LandmarkFrames, Recording } from './landmark_sources.js';
import { ownNeutralFace } from './neutral_faces.js';

const FACE = 2 * LANDMARKS;

/** What a window shows: an expression, the neutral first frame of a sequence, or a still. */
export type WindowSource = 'sequences' | 'first_frames' | 'stills';

/** A window as one extractor sees it. */
export interface WindowView {
  readonly extractor: string;
  /** (T, 68, 2), flat, in pixels. */
  readonly window: Float32Array;
  /** The person's own neutral face (68, 2) in pixels, where it is known. */
  readonly ownNeutral: Float32Array | null;
}

/** A window of a recording, as each extractor that has it sees it. */
export interface RecordingWindow {
  readonly source: WindowSource;
  readonly category: string;
  readonly name: string;
  readonly views: readonly WindowView[];
}

/**
 * All windows of recordings: one of each sequence's expression, one of its neutral first frame where there is one, and one
 * of each still, which is repeated.
 *
 * @param sequenceFrames positions in a sequence, oldest first; negative ones count from its end
 */
export function recordingWindows(
  recordings: readonly Recording[],
  sequenceFrames: readonly number[],
): RecordingWindow[] {
  return recordings.flatMap(({ kind, category, name, views }): RecordingWindow[] => {
    const all = [...views];
    if (kind === 'still') {
      const seen = all.map(([extractor, { landmarks }]) => ({
        extractor,
        window: stillWindow(landmarks, sequenceFrames.length),
        ownNeutral: null,
      }));
      return [{ source: 'stills', category, name, views: seen }];
    }
    const expression = all.map(([extractor, frames]) => ({
      extractor,
      window: expressionWindow(frames, sequenceFrames),
      ownNeutral: ownNeutralFace(frames),
    }));
    const first = expression.flatMap(({ extractor, ownNeutral }) =>
      ownNeutral === null ? [] : [{ extractor, window: stillWindow(ownNeutral, sequenceFrames.length), ownNeutral }],
    );
    return [
      { source: 'sequences', category, name, views: expression },
      ...(first.length === 0 ? [] : [{ source: 'first_frames' as const, category: NEUTRAL, name, views: first }]),
    ];
  });
}

/** The expression of some frames; those of a neutral first frame are never in it. */
export function expressionWindow(frames: LandmarkFrames, sequenceFrames: readonly number[]): Float32Array {
  const skipped = ownNeutralFace(frames) === null ? 0 : 1;
  const { frameNumbers, landmarks, path } = frames;
  const rest = { frameNumbers: frameNumbers.slice(skipped), landmarks: landmarks.subarray(skipped * FACE), path };
  return sequenceWindow(rest, sequenceFrames);
}

/** A face that does not move: (frames, 68, 2) of one face (68, 2). */
export function stillWindow(face: Float32Array, frames: number): Float32Array {
  const window = new Float32Array(frames * FACE);
  for (let frame = 0; frame < frames; frame++) window.set(face, frame * FACE);
  return window;
}
