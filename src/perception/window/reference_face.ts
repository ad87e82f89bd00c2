import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import { parseOptions } from '../../options.js';
import { LANDMARKS } from '../landmarks/dlib_landmarks.js';
import { noseOffset } from '../landmarks/landmarks68.js';
import { LONGEST_GAP_SECONDS } from './longest_gap.js';

/** The options of a RunningReferenceFace. */
export const runningReferenceFaceSchema = z.strictObject({
  /**
   * Seconds of a surely neutral face after which the reference lies half way between the extractor's mean neutral face and
   * the person's own.
   */
  halfWaySeconds: z.number().positive().default(1),
  /** Evidence that counts at most, seconds: what is longer ago is slowly forgotten. */
  memorySeconds: z.number().positive().default(60),
  /**
   * How much likelier Neutral is before a camera than among the samples that the network was trained on, as odds: those
   * are balanced by class, faces mostly rest.
   */
  neutralOdds: z.number().positive().default(4),
  /** Between faces further apart than this nothing is known: the time between them does not count. */
  maxGapSeconds: z.number().positive().default(LONGEST_GAP_SECONDS),
});

/** The options of a RunningReferenceFace, those with a default left out at will. */
export type RunningReferenceFaceOptions = z.input<typeof runningReferenceFaceSchema>;

const VALUES = 2 * LANDMARKS;
/** How far the nose's tip may be beside and below its place in the mean face, in eye distances (standard deviations). */
const TURN = 0.08;
const NOD = 0.12;
/** How fast a face that rests may change, in eye distances a second (root mean square over the points; standard deviation). */
const SPEED = 0.15;

/**
 * What the expressions of one person are compared with: the extractor's mean neutral face at first, and the person's own
 * neutral face as it becomes known. It is a shrinkage estimate: the mean of the person's aligned faces, each weighted by
 * how likely it is neutral, counts n / (n + halfWaySeconds) after n seconds of weight, the extractor's mean the rest.
 *
 * A face is likely neutral where the network says so compared with the extractor's mean (an answer that the estimate itself
 * has no part in, so that a wrong one does not confirm itself), and, the more the own face is known, compared with the
 * reference too; where it is frontal; and where it does not move. A face that appears smiling therefore hardly counts, and
 * one that never rests stays near the mean.
 */
export class RunningReferenceFace {
  /** The reference face (68, 2), aligned. */
  readonly face: Float32Array;
  readonly #options: z.output<typeof runningReferenceFaceSchema>;
  readonly #extractorFace: Float32Array;
  readonly #own = new Float64Array(VALUES);
  #seconds = 0;
  #lastStampSeconds: number | undefined;

  /**
   * @param extractorFace the extractor's mean neutral face (68, 2), the eyes' outer corners about 1 apart; kept, not copied
   * @throws InvalidInputError for unknown or invalid options
   */
  constructor(extractorFace: Float32Array, options: RunningReferenceFaceOptions = {}) {
    this.#options = parseOptions(runningReferenceFaceSchema, options, 'the options of RunningReferenceFace');
    this.#extractorFace = extractorFace;
    this.face = extractorFace.slice();
  }

  /** How much of the reference is the person's own face, 0 to 1. */
  get weight(): number {
    return this.#seconds / (this.#seconds + this.#options.halfWaySeconds);
  }

  /**
   * Takes in the next face. A stamp that goes back, a gap, and the first face add nothing: no time is known for them.
   *
   * @param face (68, 2), aligned like the extractor's
   * @param byExtractor 0 to 1: Neutral's probability, compared with the extractor's mean face
   * @param byReference the same, compared with `face` (as of the image before, where this one's is not known yet)
   * @param speed how fast the face changes, in eye distances a second (root mean square over the points)
   * @throws InvalidInputError for a stamp, probability or speed that is none
   */
  update(stampSeconds: number, face: Float32Array, byExtractor: number, byReference: number, speed: number): void {
    const origin = 'RunningReferenceFace.update';
    if (!Number.isFinite(stampSeconds)) {
      throw new InvalidInputError('stampSeconds', stampSeconds, 'a finite number', origin);
    }
    for (const [name, probability] of Object.entries({ byExtractor, byReference })) {
      if (!(probability >= 0 && probability <= 1)) throw new InvalidInputError(name, probability, '0 to 1', origin);
    }
    if (!(speed >= 0)) throw new InvalidInputError('speed', speed, '0 or more', origin);
    const elapsed = this.#lastStampSeconds === undefined ? 0 : stampSeconds - this.#lastStampSeconds;
    this.#lastStampSeconds = stampSeconds;
    if (elapsed <= 0 || elapsed > this.#options.maxGapSeconds) return;
    const likely = this.#live(byExtractor) * this.#live(byReference) ** this.weight;
    const evidence = elapsed * likely * frontality(face, this.#extractorFace) * bell(speed, SPEED);
    if (evidence === 0) return;
    this.#seconds += evidence;
    const gain = evidence / this.#seconds;
    this.#seconds = Math.min(this.#seconds, this.#options.memorySeconds);
    const { weight } = this;
    for (let value = 0; value < VALUES; value++) {
      this.#own[value]! += gain * (face[value]! - this.#own[value]!);
      const mean = this.#extractorFace[value]!;
      this.face[value] = mean + weight * (this.#own[value]! - mean);
    }
  }

  /** A probability of Neutral among balanced samples, as it is before a camera (Saerens, Latinne and Decaestecker 2002). */
  #live(probability: number): number {
    const odds = this.#options.neutralOdds * probability;
    return odds / (odds + 1 - probability);
  }
}

/**
 * How frontal a face is, 1 to 0: by how far the nose's tip is from where it is in a frontal face, seen from the middle of
 * the eyes' outer corners. The tip stands out, so it moves most when the head turns or nods.
 *
 * @param face (68, 2), aligned; @param frontal (68, 2), aligned alike
 */
export function frontality(face: Float32Array, frontal: Float32Array): number {
  return (
    bell(noseOffset(face, 0) - noseOffset(frontal, 0), TURN) * bell(noseOffset(face, 1) - noseOffset(frontal, 1), NOD)
  );
}

function bell(value: number, deviation: number): number {
  return Math.exp(-0.5 * (value / deviation) ** 2);
}
