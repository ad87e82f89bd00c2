import type { ImageExpressions } from '../../pipeline/expression_pipeline.js';
import type { AnswerContext } from '../../pipeline/worker_client.js';
import { RecentNumbers } from '../diagnostics/recent_numbers.js';

/**
 * Where the time of an image goes, from its stamp to the publishing. `arrival`: from the stamp until the node has it;
 * `waiting`: for the image before it; `total`: all, also what is named by none of the others.
 */
export const STAGES = ['arrival', 'waiting', 'decoding', 'detection', 'landmarks', 'inference', 'total'] as const;

export type Stage = (typeof STAGES)[number];

/** What became of images since the node started. */
export interface ImageCounts {
  readonly received: number;
  readonly processed: number;
  /** For newer ones, or since no worker was there. */
  readonly dropped: number;
  /** Published and never arrived; they are not among those received. */
  readonly lost: number;
  /** By max_rate_hz. */
  readonly skipped: number;
  /** They could not be decoded. */
  readonly refused: number;
}

/** What became of the images of the last seconds. */
export interface RecentImages extends ImageCounts {
  /** How long that was; 0 where it is not known yet. */
  readonly seconds: number;
}

/** Seconds that rates and times are told of. */
export const RECENT_SECONDS = 10;

/** What became of the images that a node received, and what the last ones took. */
export class ImageStatistics {
  readonly #now: () => number;
  readonly #times: Readonly<Record<Stage, RecentNumbers>>;
  #marks: { readonly time: number; readonly counts: ImageCounts }[] = [];

  /** @param now a clock in milliseconds that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    const entries = STAGES.map((stage) => [stage, new RecentNumbers(RECENT_SECONDS, now)]);
    this.#times = Object.fromEntries(entries) as Record<Stage, RecentNumbers>;
  }

  /**
   * An image was processed.
   *
   * @param latencyMilliseconds from its stamp until now
   */
  add(expressions: ImageExpressions, context: AnswerContext, latencyMilliseconds: number): void {
    const { perceptionMilliseconds, decodingMilliseconds, detectionMilliseconds, inferenceMilliseconds } = expressions;
    const { waitingMilliseconds, workingMilliseconds } = context;
    this.#times.arrival.add(latencyMilliseconds - waitingMilliseconds - workingMilliseconds);
    this.#times.waiting.add(waitingMilliseconds);
    this.#times.decoding.add(decodingMilliseconds);
    // Most images have none of it.
    if (detectionMilliseconds > 0) this.#times.detection.add(detectionMilliseconds);
    this.#times.landmarks.add(perceptionMilliseconds - decodingMilliseconds - detectionMilliseconds);
    if (inferenceMilliseconds > 0) this.#times.inference.add(inferenceMilliseconds);
    this.#times.total.add(latencyMilliseconds);
  }

  /** Milliseconds that a stage took for each image of the last seconds that went through it. */
  times(stage: Stage): number[] {
    return this.#times[stage].values;
  }

  /**
   * What became of the images since about RECENT_SECONDS ago. To be called about once a second: it is reckoned from the
   * counts that it was called with before.
   */
  recent(counts: ImageCounts): RecentImages {
    const now = this.#now();
    // The newest mark that is old enough is the one to count from.
    while (this.#marks.length > 1 && now - this.#marks[1]!.time >= RECENT_SECONDS * 1000) this.#marks.shift();
    const { time, counts: before } = this.#marks[0] ?? { time: now, counts };
    this.#marks.push({ time: now, counts });
    return {
      seconds: (now - time) / 1000,
      received: counts.received - before.received,
      processed: counts.processed - before.processed,
      dropped: counts.dropped - before.dropped,
      lost: counts.lost - before.lost,
      skipped: counts.skipped - before.skipped,
      refused: counts.refused - before.refused,
    };
  }
}
