import type { TrackExpression } from '../../../learner/expression_tracks.js';
import type { Box } from '../../../perception/faces/box.js';
import type { Landmarks68 } from '../../../perception/landmarks/landmarks68.js';
import { certainEstimate, type HeaderMessage } from '../../messages.js';

/** hri_msgs/msg/IdsList. */
export interface IdsListMessage {
  header: HeaderMessage;
  ids: string[];
}

/** hri_msgs/msg/NormalizedRegionOfInterest2D; 0 to 1, from the image's upper left corner. */
export interface RegionOfInterestMessage {
  header: HeaderMessage;
  xmin: number;
  ymin: number;
  xmax: number;
  ymax: number;
  c: number;
}

/** hri_msgs/msg/FacialLandmarks; 0 to 1, from the image's upper left corner. */
export interface FacialLandmarksMessage {
  header: HeaderMessage;
  landmarks: { x: number; y: number; c: number }[];
  height: number;
  width: number;
}

/** hri_msgs/msg/Expression. */
export interface ExpressionMessage {
  header: HeaderMessage;
  expression: string;
  valence: number;
  arousal: number;
  confidence: number;
}

/** The size of an image, pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** The landmarks about an eye, the subject's right one first, as pupils are in FacialLandmarks. */
const EYES = [
  [36, 42],
  [42, 48],
] as const;

/** REP 155's word for each name that models give a category, in small letters. It has no word for contempt. */
const WORDS: Readonly<Record<string, string>> = {
  neutral: 'neutral',
  angry: 'angry',
  anger: 'angry',
  sad: 'sad',
  sadness: 'sad',
  happy: 'happy',
  happiness: 'happy',
  surprise: 'surprised',
  surprised: 'surprised',
  disgust: 'disgusted',
  disgusted: 'disgusted',
  fear: 'scared',
  scared: 'scared',
};

/** Where a face is, as far as it is in the image. */
export function regionMessage(header: HeaderMessage, box: Box, { width, height }: ImageSize): RegionOfInterestMessage {
  return {
    header,
    xmin: unit(box.x / width),
    ymin: unit(box.y / height),
    xmax: unit((box.x + box.width) / width),
    ymax: unit((box.y + box.height) / height),
    c: 1,
  };
}

/**
 * The landmarks 0 to 67, then the pupils, which are not seen: they are put amid the eyes. `c` is 1 for what is known, 0 for the
 * pupils and for points beyond the image's border, which are moved onto it.
 */
export function landmarksMessage(
  header: HeaderMessage,
  landmarks: Landmarks68,
  { width, height }: ImageSize,
): FacialLandmarksMessage {
  const points = Array.from({ length: landmarks.length / 2 }, (_, point) => {
    const [x, y] = [landmarks[2 * point]! / width, landmarks[2 * point + 1]! / height];
    return { x: unit(x), y: unit(y), c: x === unit(x) && y === unit(y) ? 1 : 0 };
  });
  const pupils = EYES.map(([first, end]) => {
    const eye = points.slice(first, end);
    const mean = (axis: 'x' | 'y') => eye.reduce((sum, point) => sum + point[axis], 0) / eye.length;
    return { x: mean('x'), y: mean('y'), c: 0 };
  });
  return { header, landmarks: [...points, ...pupils], height, width };
}

/**
 * What a face expresses in REP 155's words: that of the category that is told, or, where that has none (contempt), of the
 * most probable one that has; `confidence` is the probability of the category whose word it is. Valence and arousal are not
 * known, and stay 0.
 *
 * @param classes the categories' names, in the order of the estimate's numbers
 * @param minConfidence 0 to 1
 * @returns undefined while the window is filling, and where nothing should be acted upon
 */
export function expressionMessage(
  header: HeaderMessage,
  expression: TrackExpression | undefined,
  classes: readonly string[],
  minConfidence: number,
): ExpressionMessage | undefined {
  const estimate = certainEstimate(expression, minConfidence);
  if (!estimate) return undefined;
  const wordOf = (index: number) => WORDS[classes[index]!.toLowerCase()];
  const { categoryIndex, mean } = estimate;
  const byProbability = classes.map((_, index) => index).sort((a, b) => mean[b]! - mean[a]!);
  const index = [categoryIndex, ...byProbability].find((candidate) => wordOf(candidate) !== undefined);
  if (index === undefined) return undefined;
  return { header, expression: wordOf(index)!, valence: 0, arousal: 0, confidence: mean[index]! };
}

/** The nearest number from 0 to 1. */
function unit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
