import type { Appearance } from '../appearance/face_appearance.js';
import type { ImageSquare } from '../image/sample_square.js';
import { FaceFilter } from '../landmarks/face_filter.js';
import type { ExtractedFace, FaceDetection, ScoreRules } from '../landmarks/landmark_extractor.js';
import { DETECTOR_BOX_SIDE, type Landmarks68, landmarkBox } from '../landmarks/landmarks68.js';
import type { Box } from './box.js';

/** When a track counts as a face, and when it ends. */
export interface TrackRules extends ScoreRules {
  /** A face that was not seen for more than this many images has left. */
  readonly maxMissedFrames: number;
}

/** One face followed from image to image: where to look for it next, and whether it is (still) a face. */
export class FaceTrack {
  /** 0 until the track counts as a face. */
  id = 0;
  /** Where the landmarks are looked for in the next image. */
  square: ImageSquare;
  /** The face's box in pixels when it was seen last, as a detector would draw it, upright. */
  box: Box;
  /** What was found when it was seen last. */
  face: ExtractedFace | undefined;
  /** Images in which the face was seen since the track counts as one. */
  seenFrames = 0;
  /** Images in a row in which the face was not seen. */
  missedFrames = 0;
  /** How far its landmarks moved when they were looked for in a shifted square (landmarkSpread); undefined for one that was just found. */
  spread: number | undefined;
  /** Images since then. */
  spreadAge = 0;
  /** The last look at its pixels. */
  look: { readonly stampSeconds: number; readonly appearance: Appearance } | undefined;
  /** Of the face's points, where they are wanted steady. */
  readonly filter = new FaceFilter();
  #seenLikely = false;

  constructor({ box, square }: Pick<FaceDetection, 'box' | 'square'>) {
    this.box = box;
    this.square = square;
  }

  /** True when the track counts as a face that was seen in the latest image. */
  get visible(): boolean {
    return this.id > 0 && this.missedFrames === 0;
  }

  /** Looks elsewhere, as the detector saw the face there: the image in which it was missed last is judged anew. */
  moveTo({ box, square }: Pick<FaceDetection, 'box' | 'square'>): void {
    this.missedFrames = Math.max(0, this.missedFrames - 1);
    this.box = box;
    this.square = square;
  }

  /**
   * Takes over what was found in an image, if its score says that it is a face; else the face was missed.
   *
   * @param nextId the id that the track gets if it becomes a face by this
   */
  see(face: ExtractedFace, rules: TrackRules, nextId: () => number): void {
    const needed = this.id > 0 ? rules.keep : rules.likely;
    // Not less than: a score that is not a number is no face.
    if (!(face.score >= needed)) {
      this.miss();
      return;
    }
    if (this.id === 0 && (face.score >= rules.certain || this.#seenLikely)) this.id = nextId();
    this.#seenLikely = true;
    if (this.id > 0) this.seenFrames++;
    this.face = face;
    this.square = face.square;
    this.box = boxAround(face.landmarks);
    this.missedFrames = 0;
  }

  /** Notes that the face was not seen in an image. */
  miss(): void {
    this.missedFrames++;
    // Where it is seen again, it may be seen otherwise.
    this.spread = undefined;
    this.look = undefined;
  }

  /** Whether the track has ended: a face that was away for too long, or something that never was a face. */
  hasEnded({ maxMissedFrames }: TrackRules): boolean {
    return this.missedFrames > (this.id > 0 ? maxMissedFrames : 0);
  }
}

/** A box as a detector would draw it about landmarks. */
export function boxAround(landmarks: Landmarks68): Box {
  const { x, y, width, height } = landmarkBox(landmarks);
  const grown = (DETECTOR_BOX_SIDE - 1) / 2;
  return {
    x: x - width * grown,
    y: y - height * grown,
    width: width * DETECTOR_BOX_SIDE,
    height: height * DETECTOR_BOX_SIDE,
  };
}
