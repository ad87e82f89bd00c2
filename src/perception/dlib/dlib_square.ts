import type { ImageSquare } from '../image/sample_square.js';
import { ALL_LANDMARKS } from '../landmarks/dlib_landmarks.js';
import type { Landmarks68 } from '../landmarks/landmarks68.js';
import type { MediaPipeDetection } from '../mediapipe/mediapipe_face_detector.js';
import { fitSimilarity } from '../window/similarity_transform.js';
import type { BoxTransform } from './predict_shape.js';
import type { ShapePredictor } from './shape_predictor.js';

/**
 * dlib's box over MediaPipe's: its side over the longer side, and how far its centre lies above, in MediaPipe's sides and
 * along the face's axes; sideways it is at the middle between the eyes. Means over 292 faces that dlib's frontal detector
 * (one upsampling) and MediaPipe's short-range one both see in stills and frames of clips; standard deviations 0.13, 0.07
 * and 0.05 (0.10 about the middle of MediaPipe's box, which shows the ears of turned faces too: from there the predictor
 * fails on a face in ten). dlib's boxes come in steps of a fifth, which is much of that scatter.
 */
const DETECTOR_BOX = { side: 0.98, up: 0.067 };

/** Where dlib's detector would put its box (turned with the face, which dlib's never is), given what MediaPipe's sees. */
export function squareOfDetection({ box, points, square: { roll } }: MediaPipeDetection): ImageSquare {
  const { x, y, width, height } = box;
  const longer = Math.max(width, height);
  const [rightEyeX, rightEyeY, leftEyeX, leftEyeY] = points as [number, number, number, number];
  const cos = Math.cos(roll);
  const sin = Math.sin(roll);
  const centerX = x + width / 2;
  const centerY = y + height / 2;
  const aside = cos * ((rightEyeX + leftEyeX) / 2 - centerX) + sin * ((rightEyeY + leftEyeY) / 2 - centerY);
  const up = DETECTOR_BOX.up * longer;
  return {
    centerX: centerX + cos * aside + sin * up,
    centerY: centerY + sin * aside - cos * up,
    side: DETECTOR_BOX.side * longer,
    roll,
  };
}

/**
 * The box about which the landmarks lie as the mean shape does about its own: where dlib's detector would see them, on
 * average over the faces that the predictor was trained on. Turned with the face.
 */
export function squareOfLandmarks({ initialShape }: ShapePredictor, landmarks: Landmarks68): ImageSquare {
  const { a, b, tx, ty } = fitSimilarity(initialShape, landmarks, ALL_LANDMARKS);
  return {
    centerX: (a - b) / 2 + tx,
    centerY: (b + a) / 2 + ty,
    // From the middle of a box's first pixel to that of its last one it is a pixel less than its side.
    side: Math.hypot(a, b) + 1,
    roll: Math.atan2(b, a),
  };
}

/** The box as the predictor wants it, in coordinates in which the image's left edge is 0, and not -0.5 as for dlib. */
export function transformOfSquare({ centerX, centerY, side, roll }: ImageSquare): BoxTransform {
  const span = Math.max(0, side - 1);
  const xx = span * Math.cos(roll);
  const yx = span * Math.sin(roll);
  return { xx, xy: -yx, x0: centerX - 0.5 - (xx - yx) / 2, yx, yy: xx, y0: centerY - 0.5 - (yx + xx) / 2 };
}
