import type { RgbImage } from '../src/perception/image/rgb_image.js';
import type { Landmarks68 } from '../src/perception/landmarks/landmarks68.js';
import {
  blurred,
  type CoverFill,
  type CoverPlace,
  covered,
  darkened,
  type FaceImage,
  movedAcross,
  shrunk,
  turnedLandmarks,
} from './face_damage.js';

/** A way in which a face is made hard to see. */
export interface Condition {
  /** What is done: clean, covered, blurred, moved, small, dark. */
  readonly kind: string;
  /** How much. */
  readonly strength: string;
  /** The image, and where the landmarks come to lie in it where only they are turned. */
  readonly apply: (face: FaceImage) => { readonly image: RgbImage; readonly turned?: Landmarks68 };
}

/** Standard deviation of the noise of a dark image, of 255. */
const NOISE = 6;
const COVER_PLACES: readonly CoverPlace[] = ['lower', 'upper', 'mouth', 'eye', 'side'];
const COVER_FILLS: readonly CoverFill[] = ['skin', 'grey', 'pattern'];

/** The conditions in which faces are looked at, the clean one first. */
export const CONDITIONS: readonly Condition[] = [
  { kind: 'clean', strength: '', apply: ({ image }) => ({ image }) },
  ...COVER_PLACES.flatMap((place) =>
    COVER_FILLS.map((fill) => condition('covered', `${place}, ${fill}`, (face) => covered(face, place, fill))),
  ),
  ...[0.01, 0.02, 0.04, 0.08].map((deviation) =>
    condition('blurred', `${deviation}`, (face) => blurred(face, deviation)),
  ),
  ...[0.05, 0.1, 0.2, 0.4].map((length) => condition('moved', `${length}`, (face) => movedAcross(face, length))),
  ...[48, 32, 24, 16, 12].map((width) => condition('small', `${width} px`, (face) => shrunk(face, width))),
  ...[0.5, 0.2, 0.1, 0.05].map((light) => condition('dark', `${light}`, (face) => darkened(face, light, NOISE, 1))),
  ...[-45, -30, -15, 15, 30, 45].map((yaw) => turn(yaw, 0)),
  ...[-30, -15, 15, 30].map((pitch) => turn(0, pitch)),
];

function condition(kind: string, strength: string, apply: (face: FaceImage) => RgbImage): Condition {
  return { kind, strength, apply: (face) => ({ image: apply(face) }) };
}

/** The landmarks of a head turned by degrees about the upright axis and the one through the ears, by the mesh's depth. */
function turn(yaw: number, pitch: number): Condition {
  return {
    kind: yaw === 0 ? 'nodding' : 'turned',
    strength: `${yaw + pitch} degrees`,
    apply: (face) => ({ image: face.image, turned: turnedLandmarks(face, yaw, pitch) }),
  };
}
