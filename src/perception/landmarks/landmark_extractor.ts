import type { Box } from '../faces/box.js';
import type { RgbImage } from '../image/rgb_image.js';
import type { ImageSquare } from '../image/sample_square.js';
import type { FaceMesh } from '../mediapipe/mesh_landmarks.js';
import type { Landmarks68 } from './landmarks68.js';

/** A face that a detector saw. */
export interface FaceDetection {
  readonly box: Box;
  /** 0 to 1: how sure the detector is. */
  readonly score: number;
  /** Where the extractor is to look for the face's landmarks. */
  readonly square: ImageSquare;
}

/** The landmarks that were found in a square. */
export interface ExtractedFace {
  /** In the image's pixels; they may lie outside of the image where the face does. */
  readonly landmarks: Landmarks68;
  /** All points of the face, for an extractor that has more than 68. */
  readonly mesh: FaceMesh | undefined;
  /** 0 to 1: how sure it is that a face is there. */
  readonly score: number;
  /** Where to look for the face in the next image. */
  readonly square: ImageSquare;
}

/** What scores say, each 0 to 1 and on the extractor's own scale. */
export interface ScoreRules {
  /** Of this score on it is a face, seen for the first time or not. */
  readonly certain: number;
  /** Of this score on it is a face when it was seen in two images one after the other. */
  readonly likely: number;
  /** A known face with a lower score was not seen. */
  readonly keep: number;
}

/** Finds faces in images, and their 68 landmarks. */
export interface LandmarkExtractor {
  /** Its name in parameters and in a model's metadata: a model works on the points of the extractors it was trained on. */
  readonly name: string;
  readonly scoreRules: ScoreRules;

  /**
   * The faces of an image, best first.
   *
   * @param area the part of the image that is searched; the whole by default
   */
  detect(image: RgbImage, area?: ImageSquare): Promise<FaceDetection[]>;

  /**
   * The landmarks of faces, one for each square. An extractor may know a square again that it has given itself (the very
   * object): then it need not look as closely whether a face is there. A copy is a place of which nothing is known.
   *
   * @param squares from a detection, or from the face in the image before
   */
  extract(image: RgbImage, squares: readonly ImageSquare[]): Promise<ExtractedFace[]>;

  /**
   * How sure it is, on a closer look, that a face is one, on the scale of its scores: asked where none was known before,
   * as something else may look like a face to the points' network once the detector has taken it for one.
   *
   * @param face found in this image
   * @returns 0 to 1
   */
  confirm(image: RgbImage, face: ExtractedFace): Promise<number>;

  /** Frees its networks. */
  release(): Promise<void>;
}

/** The square around the whole of an image, which is in its middle. */
export function wholeImage({ width, height }: RgbImage): ImageSquare {
  return { centerX: width / 2, centerY: height / 2, side: Math.max(width, height), roll: 0 };
}
