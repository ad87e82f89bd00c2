import type { ImageSquare } from '../image/sample_square.js';
import { CROP_SIDE, cropAround, DETECTOR_BOX_SIDE, type Landmarks68, landmarkBox } from '../landmarks/landmarks68.js';
import type { Box } from './box.js';

/** When a track counts as a face, and when it ends. Scores are those of FaceDetector.verify. */
export interface TrackRules {
  /** A new track becomes a face after confirmFrames verifications in a row of at least this score, 0 to 1. */
  readonly confirmScore: number;
  readonly confirmFrames: number;
  /** A single verification of at least this score makes a new track a face at once. */
  readonly certainScore: number;
  /** A face whose verification falls below this score is not seen in that image. */
  readonly keepScore: number;
  /** A face that was not seen for more than this many images has left. */
  readonly maxMissedFrames: number;
}

/** The landmarks' crop over the detector's box that a new track starts from, in length. */
const FIRST_CROP_SIDE = CROP_SIDE / DETECTOR_BOX_SIDE;
/**
 * How much of a new crop is taken over in each image: the place almost at once, so that a moving face stays inside;
 * size and roll slowly, as they hardly change and their noise would shake the landmarks.
 */
const PLACE_GAIN = 0.7;
const SIZE_GAIN = 0.3;
/** Landmarks whose own crop differs from the one they were found in by more than this are doubtful: a factor of the
 * side, and a part of the side. */
const DOUBTFUL_SCALE = 1.35;
const DOUBTFUL_SHIFT = 0.25;

/** One face followed from image to image: where to look for it next, and whether it is (still) a face. */
export class FaceTrack {
  /** 0 until the track counts as a face. */
  id = 0;
  /** Where the landmarks are looked for in the next image. */
  square: ImageSquare;
  landmarks: Landmarks68 | undefined;
  /** The latest verification's score, 0 to 1. */
  score = 0;
  /** Images since the latest verification. */
  framesSinceVerified = 0;
  /** Images in a row in which the face was not seen. */
  missedFrames = 0;
  /** True until landmarks were found from a detector's box, which fits them less well than their own crop. */
  fresh = true;
  #confirmations = 0;

  /** @param box the detector's */
  constructor(box: Box) {
    this.square = squareAround(box);
  }

  /** True when the track counts as a face that was seen in the latest image. */
  get visible(): boolean {
    return this.id > 0 && this.missedFrames === 0;
  }

  /** The face's box in pixels, as the detector would draw it, upright. */
  get box(): Box {
    const side = this.square.side / FIRST_CROP_SIDE;
    if (!this.landmarks || this.missedFrames > 0) {
      return { x: this.square.centerX - side / 2, y: this.square.centerY - side / 2, width: side, height: side };
    }
    const { x, y, width, height } = landmarkBox(this.landmarks);
    const grown = (DETECTOR_BOX_SIDE - 1) / 2;
    return {
      x: x - width * grown,
      y: y - height * grown,
      width: width * DETECTOR_BOX_SIDE,
      height: height * DETECTOR_BOX_SIDE,
    };
  }

  /** Looks elsewhere, as the detector saw the face there: the image in which it was missed last is judged anew. */
  moveTo(box: Box): void {
    this.missedFrames = Math.max(0, this.missedFrames - 1);
    this.square = squareAround(box);
    this.fresh = true;
  }

  /** True when landmarks do not fit the crop that they were found in: no face there, or one that moved much. */
  isDoubtful(landmarks: Landmarks68): boolean {
    const crop = cropAround(landmarks);
    const scale = crop.side / this.square.side;
    const shift = Math.hypot(crop.centerX - this.square.centerX, crop.centerY - this.square.centerY);
    const fits = scale < DOUBTFUL_SCALE && scale > 1 / DOUBTFUL_SCALE && shift < DOUBTFUL_SHIFT * this.square.side;
    return !fits;
  }

  /** Takes over the landmarks of an image in which the face was seen, and moves the crop to them. */
  follow(landmarks: Landmarks68): void {
    const crop = cropAround(landmarks);
    const { square } = this;
    const turn = Math.atan2(Math.sin(crop.roll - square.roll), Math.cos(crop.roll - square.roll));
    this.square = this.fresh
      ? crop
      : {
          centerX: square.centerX + PLACE_GAIN * (crop.centerX - square.centerX),
          centerY: square.centerY + PLACE_GAIN * (crop.centerY - square.centerY),
          side: square.side + SIZE_GAIN * (crop.side - square.side),
          roll: square.roll + SIZE_GAIN * turn,
        };
    this.fresh = false;
    this.landmarks = landmarks;
    this.missedFrames = 0;
  }

  /**
   * Takes a verification's score into account.
   *
   * @param nextId the id that the track gets if it becomes a face by this score
   * @returns whether the face was seen
   */
  judge(score: number, rules: TrackRules, nextId: () => number): boolean {
    this.score = score;
    this.framesSinceVerified = 0;
    if (this.id > 0) return score >= rules.keepScore;
    this.#confirmations = score >= rules.confirmScore ? this.#confirmations + 1 : 0;
    if (score >= rules.certainScore || this.#confirmations >= rules.confirmFrames) this.id = nextId();
    return this.#confirmations > 0;
  }

  /** Notes that the face was not seen in an image. */
  miss(): void {
    this.missedFrames++;
  }

  /** Whether the track has ended: a face that was away for too long, or something that never was a face. */
  hasEnded(rules: TrackRules): boolean {
    return this.missedFrames > (this.id > 0 ? rules.maxMissedFrames : 0);
  }
}

function squareAround(box: Box): ImageSquare {
  return {
    centerX: box.x + box.width / 2,
    centerY: box.y + box.height / 2,
    side: Math.max(box.width, box.height) * FIRST_CROP_SIDE,
    roll: 0,
  };
}
