import { type Box, intersectionOverUnion } from './box.js';

/** Detections whose boxes overlap more than this are of the same face. */
const SAME_FACE_OVERLAP = 0.3;

/** Leaves out detections of faces that another detection of a higher score is of; best first. */
export function withoutRepeats<Detection extends { readonly box: Box; readonly score: number }>(
  detections: readonly Detection[],
): Detection[] {
  const kept: Detection[] = [];
  for (const detection of [...detections].sort((first, second) => second.score - first.score)) {
    if (kept.every(({ box }) => intersectionOverUnion(box, detection.box) <= SAME_FACE_OVERLAP)) kept.push(detection);
  }
  return kept;
}
