import type { RgbImage } from '../image/rgb_image.js';
import { type ImageSquare, sampleSquare } from '../image/sample_square.js';
import { eyeDistance, eyeRoll, type Landmarks68, landmarkBox, noseOffset } from '../landmarks/landmarks68.js';

/** How an image shows a face. */
export interface FaceView {
  /** Pixels between the eyes' outer corners; about 0.6 of the face's width. */
  readonly eyePixels: number;
  /**
   * Root mean square of the brightness's differences over 1/32 of the face along the blurrier one of its axes, over that of
   * the differences over 1/11 along both: the same in any light.
   */
  readonly sharpness: number;
  /** Standard deviation of the brightness, of 255, in the flattest of the eyes and the mouth. */
  readonly contrast: number;
  /** How far the nose's tip is beside the middle of the eyes' outer corners, in their distance: 0 from the front. */
  readonly turn: number;
  /** How far it is below that middle, likewise. */
  readonly nod: number;
}

/** Cells along an edge of the grid that a face is looked at with. */
const CELLS = 64;
/** Cells at the grid's edges that are left out: what lies behind the face. */
const MARGIN = 10;
/** The grid's side over the longer side of the box about the landmarks. */
const GRID_SIDE = 1.15;
const COARSE = 3;
/** Of red, green and blue in the brightness. */
const BRIGHTNESS = [0.3, 0.59, 0.11] as const;
/** The landmarks of the eyes and the mouth: first, last. */
const PARTS = [
  [36, 41],
  [42, 47],
  [48, 67],
] as const;
/** How far about them their surroundings reach, in distances of the eyes' outer corners. */
const SURROUNDINGS = 0.08;

/** Looks at a face in an image, apart from what its expression is. */
export function faceView(image: RgbImage, landmarks: Landmarks68): FaceView {
  const eyePixels = eyeDistance(landmarks);
  const roll = eyeRoll(landmarks);
  const { x, y, width, height } = landmarkBox(landmarks);
  const square = {
    centerX: x + width / 2,
    centerY: y + height / 2,
    side: GRID_SIDE * Math.max(width, height),
    roll,
  };
  const grid = brightnessGrid(image, square);
  const dx = noseOffset(landmarks, 0);
  const dy = noseOffset(landmarks, 1);
  return {
    eyePixels,
    sharpness: sharpnessOf(grid),
    contrast: Math.min(...PARTS.map(([first, last]) => contrastOf(grid, square, landmarks, first, last, eyePixels))),
    turn: (Math.cos(roll) * dx + Math.sin(roll) * dy) / eyePixels,
    nod: (Math.cos(roll) * dy - Math.sin(roll) * dx) / eyePixels,
  };
}

// Written anew by every look, which is over before the next begins: no memory is taken for each face of each image.
const COLOURS = new Float32Array(3 * CELLS * CELLS);
const GRID = new Float32Array(CELLS * CELLS);

/** (CELLS, CELLS), 0 to 255; overwritten by the next look. */
function brightnessGrid(image: RgbImage, square: ImageSquare): Float32Array {
  const colours = sampleSquare(image, square, CELLS, { border: 'edge', maxStep: 4, target: COLOURS });
  const [red, green, blue] = BRIGHTNESS;
  const grid = GRID;
  for (let cell = 0; cell < grid.length; cell++) {
    grid[cell] = red * colours[3 * cell]! + green * colours[3 * cell + 1]! + blue * colours[3 * cell + 2]!;
  }
  return grid;
}

function sharpnessOf(grid: Float32Array): number {
  let [across, down, coarse] = [0, 0, 0];
  for (let row = MARGIN; row < CELLS - MARGIN; row++) {
    for (let cell = row * CELLS + MARGIN; cell < (row + 1) * CELLS - MARGIN; cell++) {
      across += (grid[cell + 1]! - grid[cell - 1]!) ** 2;
      down += (grid[cell + CELLS]! - grid[cell - CELLS]!) ** 2;
      coarse +=
        (grid[cell + COARSE]! - grid[cell - COARSE]!) ** 2 +
        (grid[cell + COARSE * CELLS]! - grid[cell - COARSE * CELLS]!) ** 2;
    }
  }
  return coarse > 0 ? Math.sqrt(Math.min(across, down) / coarse) : 0;
}

/** The standard deviation in the upright box, on the grid, about some landmarks. */
function contrastOf(
  grid: Float32Array,
  { centerX, centerY, side, roll }: ImageSquare,
  landmarks: Landmarks68,
  first: number,
  last: number,
  eyePixels: number,
): number {
  const cos = (Math.cos(roll) * CELLS) / side;
  const sin = (Math.sin(roll) * CELLS) / side;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let point = first; point <= last; point++) {
    const dx = landmarks[2 * point]! - centerX;
    const dy = landmarks[2 * point + 1]! - centerY;
    const column = CELLS / 2 + cos * dx + sin * dy;
    const row = CELLS / 2 + cos * dy - sin * dx;
    left = Math.min(left, column);
    right = Math.max(right, column);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
  }
  const grown = (SURROUNDINGS * eyePixels * CELLS) / side;
  const low = (value: number) => Math.max(0, Math.floor(value - grown));
  const high = (value: number) => Math.min(CELLS, Math.ceil(value + grown));
  let [count, sum, squares] = [0, 0, 0];
  for (let row = low(top); row < high(bottom); row++) {
    for (let column = low(left); column < high(right); column++) {
      const value = grid[row * CELLS + column]!;
      count++;
      sum += value;
      squares += value * value;
    }
  }
  return count > 0 ? Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) : 0;
}
