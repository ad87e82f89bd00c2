import type { AnalysedFrame } from './frame_rows.js';

/** What a face of a recording expressed, over all frames in which it was seen. */
export interface TrackSummary {
  readonly track_id: number;
  readonly frames: number;
  /** Since the first frame of the recording. */
  readonly first_seconds: number;
  readonly last_seconds: number;
  /** How long it was seen. */
  readonly seconds: number;
  /** How long it was called by each category, the longest first. */
  readonly categories: Readonly<Record<string, number>>;
}

/** A recording as a whole. */
export interface RecordingSummary {
  readonly video: string;
  readonly frames: number;
  readonly frames_without_a_face: number;
  /** From the first frame to the end of the last one. */
  readonly seconds: number;
  readonly tracks: readonly TrackSummary[];
}

interface Tally {
  frames: number;
  first: number;
  last: number;
  seconds: number;
  readonly categories: Map<string, number>;
}

/** Sums up a recording frame by frame. A frame lasts until the next one; the last one as long as the one before it. */
export class RecordingTally {
  readonly #video: string;
  readonly #tracks = new Map<number, Tally>();
  #frames = 0;
  #empty = 0;
  #pending: AnalysedFrame | undefined;
  #lastInterval = 0;
  #seconds = 0;

  constructor(video: string) {
    this.#video = video;
  }

  add(frame: AnalysedFrame): void {
    if (this.#pending !== undefined) {
      this.#lastInterval = Math.max(0, frame.timeSeconds - this.#pending.timeSeconds);
      this.#count(this.#pending, this.#lastInterval);
    }
    this.#pending = frame;
  }

  /** What the recording came to; to be called once, at its end. */
  summary(): RecordingSummary {
    if (this.#pending !== undefined) this.#count(this.#pending, this.#lastInterval);
    return {
      video: this.#video,
      frames: this.#frames,
      frames_without_a_face: this.#empty,
      seconds: milliseconds(this.#seconds),
      tracks: [...this.#tracks]
        .sort(([a], [b]) => a - b)
        .map(([id, { frames, first, last, seconds, categories }]) => ({
          track_id: id,
          frames,
          first_seconds: milliseconds(first),
          last_seconds: milliseconds(last),
          seconds: milliseconds(seconds),
          categories: Object.fromEntries(
            [...categories].sort(([, a], [, b]) => b - a).map(([name, value]) => [name, milliseconds(value)]),
          ),
        })),
    };
  }

  #count({ faces, timeSeconds }: AnalysedFrame, seconds: number): void {
    this.#frames++;
    this.#seconds += seconds;
    if (faces.length === 0) this.#empty++;
    for (const { trackId, expression } of faces) {
      let tally = this.#tracks.get(trackId);
      if (tally === undefined) {
        tally = { frames: 0, first: timeSeconds, last: timeSeconds, seconds: 0, categories: new Map() };
        this.#tracks.set(trackId, tally);
      }
      tally.frames++;
      tally.last = timeSeconds;
      tally.seconds += seconds;
      if (expression === undefined) continue;
      const { category } = expression.estimate;
      tally.categories.set(category, (tally.categories.get(category) ?? 0) + seconds);
    }
  }
}

/** Seconds, to the millisecond. */
function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** A summary in lines for a terminal: one for the recording, one for each face. */
export function summaryLines({
  video,
  frames,
  frames_without_a_face: empty,
  seconds,
  tracks,
}: RecordingSummary): string[] {
  const nobody = empty > 0 ? `, ${empty} without a face` : '';
  return [
    `${video}: ${frames} frames${nobody}, ${seconds.toFixed(1)} s`,
    ...tracks.map(({ track_id: id, seconds: seen, first_seconds: first, categories }) => {
      const named = Object.entries(categories).map(([name, value]) => `${name} ${value.toFixed(1)} s`);
      const what = named.length > 0 ? named.join(', ') : 'not watched for long enough';
      return `  face ${id}, seen for ${seen.toFixed(1)} s from ${first.toFixed(1)} s on: ${what}`;
    }),
  ];
}
