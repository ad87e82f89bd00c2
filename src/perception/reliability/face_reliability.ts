import type { RgbImage } from '../image/rgb_image.js';
import { type ImageSquare, movedSquare, type SquareMove } from '../image/sample_square.js';
import type { ExtractedFace, LandmarkExtractor } from '../landmarks/landmark_extractor.js';
import { eyeDistance, type Landmarks68 } from '../landmarks/landmarks68.js';
import { type FaceView, faceView } from './face_view.js';

/**
 * Where each thing that is known of a face makes its reliability 0, and from where on it leaves it at 1: fitted together, as
 * their product, to how often a network's answer stays what it was when the faces of 173 images are covered, blurred,
 * shrunk, darkened or turned (docs/uncertainty.md), so that clear faces from the front keep theirs.
 */
const RAMPS = {
  eyePixels: { none: 4, full: 36, scale: Math.log },
  sharpness: { none: 0.21, full: 0.28, scale: Math.log },
  contrast: { none: 2.3, full: 7.4, scale: Math.log },
  spread: { none: 0.14, full: 0.02, scale: Math.log },
  turn: { none: 0.76, full: 0.1, scale: Math.abs },
  nod: { none: 0.54, full: 0.16, scale: Math.abs },
} as const;

/** Not nought: what little is seen still tells categories that are alike otherwise apart. */
export const LEAST_RELIABILITY = 0.02;

/** The nose's tip below the eyes in a face from the front, as FaceView.nod: the median of the same images. */
const FRONTAL_NOD = 0.36;

/** How the second square lies to the first. */
const SHIFT: SquareMove = { right: 0.04, down: 0.03, larger: 0.05, turned: 0 };

/**
 * How reliable a face's landmarks are, LEAST_RELIABILITY to 1: how probably what is seen of it is enough for its expression. 1 for a clear
 * face from the front whose eyes' outer corners are 36 pixels apart or more.
 *
 * @param spread of landmarkSpread: the distance that the landmarks move when the square is shifted
 */
export function faceReliability(view: FaceView, spread: number): number {
  const values = { ...view, nod: view.nod - FRONTAL_NOD, spread };
  let reliability = 1;
  for (const [name, { none, full, scale }] of Object.entries(RAMPS)) {
    const value = scale(Math.max(values[name as keyof typeof RAMPS], scale === Math.abs ? -Infinity : 1e-6));
    const part = (value - scale(none)) / (scale(full) - scale(none));
    reliability *= Math.min(1, Math.max(0, part));
  }
  return Math.max(LEAST_RELIABILITY, reliability);
}

/** Where landmarks are looked for again: where they are the same for a face that is seen clearly. */
export function shiftedSquare(square: ImageSquare): ImageSquare {
  return movedSquare(square, SHIFT);
}

/** The mean distance between two sets of landmarks of one face, in distances of the first one's outer eye corners. */
export function landmarkSpread(first: Landmarks68, second: Landmarks68): number {
  let sum = 0;
  for (let at = 0; at < first.length; at += 2) {
    sum += Math.hypot(first[at]! - second[at]!, first[at + 1]! - second[at + 1]!);
  }
  return (2 * sum) / first.length / eyeDistance(first);
}

/**
 * The reliability of a still's face: its landmarks are looked for twice more.
 *
 * @param face as landmarksOfStill finds it
 */
export async function reliabilityOfStill(
  image: RgbImage,
  face: ExtractedFace,
  extractor: LandmarkExtractor,
): Promise<number> {
  const [again, shifted] = await extractor.extract(image, [{ ...face.square }, shiftedSquare(face.square)]);
  return faceReliability(faceView(image, face.landmarks), landmarkSpread(again!.landmarks, shifted!.landmarks));
}
