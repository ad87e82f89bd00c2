import { type Markup, markup } from '../markup.js';
import { near, svg } from './axes.js';

const JAW = 17;
const WITHOUT_JAW = 51;
const WITH_JAW = 68;
const WIDTH = 140;
const HEIGHT = 150;
const MARGIN = 8;

/** Lines through dlib's 68 points: [first, last, closed]. */
const LINES: readonly (readonly [first: number, last: number, closed: boolean])[] = [
  [0, 16, false],
  [17, 21, false],
  [22, 26, false],
  [27, 30, false],
  [31, 35, false],
  [36, 41, true],
  [42, 47, true],
  [48, 59, true],
  [60, 67, true],
];

/**
 * A window's first frame, faint, and its last one, strong, as lines through their landmarks.
 *
 * @param landmarks (T, V, 2), flat; y downwards. Of another V than 68 and 51, points are drawn instead of lines
 * @param frames T
 */
export function faceDrawing(landmarks: Float32Array, frames: number, description: string): Markup {
  const size = landmarks.length / frames;
  const shown = [landmarks.subarray(0, size), landmarks.subarray((frames - 1) * size)];
  const place = facePlacement(shown, WIDTH, HEIGHT, MARGIN);
  const contents = shown.map((frame, i) => {
    const points = Array.from({ length: size / 2 }, (_, v) => place(frame[2 * v]!, frame[2 * v + 1]!));
    return markup`<g class="${i === 0 ? 'face first' : 'face last'}">${faceLines(points)}</g>`;
  });
  return svg(WIDTH, HEIGHT, description, frames > 1 ? contents : contents.slice(1));
}

/** Pixels of the drawing. */
export type Point = readonly [x: number, y: number];

/** Fits all points of the frames, each (V, 2), into a drawing, centred and undistorted. */
export function facePlacement(
  frames: readonly Float32Array[],
  width: number,
  height: number,
  margin: number,
): (x: number, y: number) => Point {
  const range = (axis: 0 | 1): [low: number, high: number] => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const frame of frames) {
      for (let i = axis; i < frame.length; i += 2) {
        if (!Number.isFinite(frame[i]!)) continue;
        low = Math.min(low, frame[i]!);
        high = Math.max(high, frame[i]!);
      }
    }
    return low <= high ? [low, high] : [0, 1];
  };
  const [[left, right], [top, bottom]] = [range(0), range(1)];
  const scale = Math.min((width - 2 * margin) / (right - left || 1), (height - 2 * margin) / (bottom - top || 1));
  return (x, y) => [width / 2 + (x - (left + right) / 2) * scale, height / 2 + (y - (top + bottom) / 2) * scale];
}

/** A line through some of a face's points, or one point alone. */
export interface FaceStroke {
  readonly points: readonly Point[];
  readonly closed: boolean;
}

/** The lines of a face: through 68 points, or the 51 without the jaw; of another number, the points. Those not finite are left out. */
export function faceStrokes(points: readonly Point[]): FaceStroke[] {
  const drawn = (point: Point) => point.every(Number.isFinite);
  if (points.length !== WITH_JAW && points.length !== WITHOUT_JAW) {
    return points.filter(drawn).map((point) => ({ points: [point], closed: false }));
  }
  const missing = WITH_JAW - points.length;
  return LINES.filter(([first]) => missing === 0 || first >= JAW).flatMap(([first, last, closed]) => {
    const path = points.slice(first - missing, last + 1 - missing).filter(drawn);
    return path.length === 0 ? [] : [{ points: path, closed }];
  });
}

/** A stroke as SVG. */
export function strokeMarkup({ points: [first, ...rest], closed }: FaceStroke): Markup {
  const [x, y] = first!;
  if (rest.length === 0) return markup`<circle cx="${near(x)}" cy="${near(y)}" r="1.5"/>`;
  const path = [first!, ...rest].map((point) => point.map(near).join(' ')).join('L');
  return markup`<path d="M${path}${closed ? 'Z' : ''}"/>`;
}

/** The lines of a face as SVG. */
export function faceLines(points: readonly Point[]): Markup[] {
  return faceStrokes(points).map(strokeMarkup);
}
