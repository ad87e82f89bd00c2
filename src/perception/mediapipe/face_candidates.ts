import { type Box, intersectionOverUnion } from '../faces/box.js';
import { DETECTOR_ANCHORS, DETECTOR_BOX_VALUES, DETECTOR_INPUT_SIZE } from './face_detector_network.js';

/** A face as the detector sees it, in pixels of its input. */
export interface FaceCandidate {
  readonly box: Box;
  /** x, y of six points: the subject's right and left eye, nose tip, mouth, right and left ear. */
  readonly points: readonly number[];
  /** 0 to 1. */
  readonly score: number;
}

/** Boxes that share more than this (intersection over union) are of one face. */
const SAME_FACE_OVERLAP = 0.3;

/** The middles of the detector's places, (896, 2) in pixels of its input: two on each cell of a 16 x 16 grid, then six on each of 8 x 8. */
const ANCHORS = makeAnchors([
  { cells: 16, each: 2 },
  { cells: 8, each: 6 },
]);

function makeAnchors(grids: readonly { readonly cells: number; readonly each: number }[]): Float32Array {
  const anchors: number[] = [];
  for (const { cells, each } of grids) {
    const cell = DETECTOR_INPUT_SIZE / cells;
    for (let place = 0; place < cells * cells * each; place++) {
      const index = Math.floor(place / each);
      anchors.push(((index % cells) + 0.5) * cell, (Math.floor(index / cells) + 0.5) * cell);
    }
  }
  return Float32Array.from(anchors);
}

/**
 * The faces that the detector's answers stand for, best first: those of at least minScore, where several are of one face
 * their mean by score (weighted non-maximum suppression, as in BlazeFace, Bazarevsky et al. 2019).
 *
 * @param boxes (896, 16); @param scores (896), logits
 * @param minScore 0 to 1, not included
 */
export function faceCandidates(boxes: Float32Array, scores: Float32Array, minScore: number): FaceCandidate[] {
  const minLogit = Math.log(minScore / (1 - minScore));
  const seen: FaceCandidate[] = [];
  for (let place = 0; place < DETECTOR_ANCHORS; place++) {
    const logit = scores[place]!;
    if (logit >= minLogit) seen.push(candidateAt(place, boxes, 1 / (1 + Math.exp(-logit))));
  }
  let left = seen.sort((first, second) => second.score - first.score);
  const faces: FaceCandidate[] = [];
  while (left.length > 0) {
    const best = left[0]!;
    const isSame = (other: FaceCandidate) => intersectionOverUnion(best.box, other.box) > SAME_FACE_OVERLAP;
    // A box without area overlaps with nothing, itself included.
    faces.push(meanOf([best, ...left.slice(1).filter(isSame)], best.score));
    left = left.slice(1).filter((other) => !isSame(other));
  }
  return faces;
}

function candidateAt(place: number, boxes: Float32Array, score: number): FaceCandidate {
  const values = boxes.subarray(place * DETECTOR_BOX_VALUES, (place + 1) * DETECTOR_BOX_VALUES);
  const anchorX = ANCHORS[2 * place]!;
  const anchorY = ANCHORS[2 * place + 1]!;
  const [x, y, width, height] = values as unknown as [number, number, number, number];
  const box = { x: anchorX + x - width / 2, y: anchorY + y - height / 2, width, height };
  const points = Array.from(values.subarray(4), (value, index) => value + (index % 2 === 0 ? anchorX : anchorY));
  return { box, points, score };
}

/** The mean of candidates, weighted by their scores. */
function meanOf(candidates: readonly FaceCandidate[], score: number): FaceCandidate {
  const total = candidates.reduce((sum, candidate) => sum + candidate.score, 0);
  const mean = (value: (candidate: FaceCandidate) => number) =>
    candidates.reduce((sum, candidate) => sum + value(candidate) * candidate.score, 0) / total;
  return {
    box: {
      x: mean(({ box }) => box.x),
      y: mean(({ box }) => box.y),
      width: mean(({ box }) => box.width),
      height: mean(({ box }) => box.height),
    },
    points: candidates[0]!.points.map((_, index) => mean(({ points }) => points[index]!)),
    score,
  };
}
