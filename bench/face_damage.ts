import { SeededRandom } from '../src/learner/random/seeded_random.js';
import type { RgbImage } from '../src/perception/image/rgb_image.js';
import { type ImageSquare, sampleSquare } from '../src/perception/image/sample_square.js';
import { wholeImage } from '../src/perception/landmarks/landmark_extractor.js';
import { eyeDistance, eyeRoll, type Landmarks68 } from '../src/perception/landmarks/landmarks68.js';
import { type FaceMesh, landmarksOfMesh } from '../src/perception/mediapipe/mesh_landmarks.js';

/** An image of a face, and where its landmarks were before anything was done to it. */
export interface FaceImage {
  readonly image: RgbImage;
  /** Pixels. */
  readonly landmarks: Landmarks68;
  /** (468, 3), where the extractor finds so many points. */
  readonly mesh?: FaceMesh | undefined;
}

/** The landmarks of a head turned by degrees about its upright axis and nodding, by the depth of the mesh, without perspective. */
export function turnedLandmarks({ landmarks, mesh }: FaceImage, yaw: number, pitch: number): Landmarks68 {
  if (mesh === undefined) return landmarks;
  const [middleX, middleY] = [mesh[3 * NOSE_ROOT]!, mesh[3 * NOSE_ROOT + 1]!];
  const [aside, down] = [(yaw * Math.PI) / 180, (pitch * Math.PI) / 180];
  const turned = mesh.slice();
  for (let at = 0; at < mesh.length; at += 3) {
    const [x, y, z] = [mesh[at]! - middleX, mesh[at + 1]! - middleY, mesh[at + 2]!];
    const depth = Math.cos(aside) * z - Math.sin(aside) * x;
    turned[at] = middleX + Math.cos(aside) * x + Math.sin(aside) * z;
    turned[at + 1] = middleY + Math.cos(down) * y - Math.sin(down) * depth;
  }
  return landmarksOfMesh(turned);
}

/** The mesh's point between the eyes. */
const NOSE_ROOT = 168;

/** Pixels: a face's width as figures give it, 1.6 times the distance of the eyes' outer corners. */
export function faceWidth(landmarks: Landmarks68): number {
  return FACE_OVER_EYES * eyeDistance(landmarks);
}

/** The width of a frontal face's mesh over the distance between the eyes' outer corners. */
const FACE_OVER_EYES = 1.6;

/** What lies over a face: one colour that is the face's own mean or a grey, or a hand-like pattern about the face's own. */
export type CoverFill = 'skin' | 'grey' | 'pattern';

/** Where something lies over a face. */
export type CoverPlace = 'lower' | 'upper' | 'mouth' | 'eye' | 'side';

/**
 * Rectangles in the face's own axes, its origin between the eyes' outer corners, x to the subject's left and y down, in
 * distances of these corners: left, top, right, bottom.
 */
const COVERS: Readonly<Record<CoverPlace, readonly [number, number, number, number]>> = {
  lower: [-0.95, 0.3, 0.95, 1.5],
  upper: [-0.95, -0.7, 0.95, 0.28],
  mouth: [-0.45, 0.45, 0.45, 1.05],
  eye: [-0.75, -0.4, 0.02, 0.3],
  side: [-0.9, -0.2, 0.0, 1.1],
};

/** The image with a part of its face covered. */
export function covered({ image, landmarks }: FaceImage, place: CoverPlace, fill: CoverFill): RgbImage {
  const { width, height } = image;
  const data = Uint8Array.from(image.data);
  const eyes = eyeDistance(landmarks);
  const roll = eyeRoll(landmarks);
  const [cos, sin] = [Math.cos(roll) / eyes, Math.sin(roll) / eyes];
  const middleX = (landmarks[2 * 36]! + landmarks[2 * 45]!) / 2;
  const middleY = (landmarks[2 * 36 + 1]! + landmarks[2 * 45 + 1]!) / 2;
  const [left, top, right, bottom] = COVERS[place];
  const skin = meanColour(image, landmarks);
  const colour = fill === 'grey' ? [128, 128, 128] : skin;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x + 0.5 - middleX, y + 0.5 - middleY];
      const u = cos * dx + sin * dy;
      const v = cos * dy - sin * dx;
      if (u < left || u > right || v < top || v > bottom) continue;
      // Fingers: four light stripes across, with dark gaps between them.
      const shade =
        fill === 'pattern' ? 1 - 0.45 * Math.abs(Math.cos((4 * Math.PI * (v - top)) / (bottom - top))) ** 8 : 1;
      for (let channel = 0; channel < 3; channel++) data[3 * (y * width + x) + channel] = colour[channel]! * shade;
    }
  }
  return { data, width, height };
}

/** Between the eyes' outer corners and the mouth's: the mean colour of what lies there. */
function meanColour({ data, width, height }: RgbImage, landmarks: Landmarks68): number[] {
  const inner = [36, 45, 48, 54].map((point) => [landmarks[2 * point]!, landmarks[2 * point + 1]!] as const);
  const range = (axis: 0 | 1, length: number) => {
    const values = inner.map((place) => place[axis]);
    const low = Math.max(0, Math.floor(Math.min(...values)));
    return [low, Math.min(length, Math.max(low + 1, Math.ceil(Math.max(...values))))] as const;
  };
  const [left, right] = range(0, width);
  const [top, bottom] = range(1, height);
  const sum = [0, 0, 0];
  let count = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++, count++) {
      for (let channel = 0; channel < 3; channel++) sum[channel]! += data[3 * (y * width + x) + channel]!;
    }
  }
  return sum.map((value) => (count > 0 ? value / count : 128));
}

/** The image out of focus: @param deviation of the Gaussian, over the face's width */
export function blurred({ image, landmarks }: FaceImage, deviation: number): RgbImage {
  const kernel = gaussian(deviation * faceWidth(landmarks));
  return convolved(convolved(image, kernel, 'x'), kernel, 'y');
}

/** The image as of a face or camera that moves sideways: @param length of the movement, over the face's width */
export function movedAcross({ image, landmarks }: FaceImage, length: number): RgbImage {
  const reach = Math.max(0, (length * faceWidth(landmarks) - 1) / 2);
  const half = Math.ceil(reach);
  const kernel = Array.from({ length: 2 * half + 1 }, (_, at) =>
    Math.min(1, Math.max(0, reach - Math.abs(at - half) + 1)),
  );
  return convolved(image, normalised(kernel), 'x');
}

function gaussian(deviation: number): number[] {
  const half = Math.ceil(3 * deviation);
  if (half === 0) return [1];
  return normalised(Array.from({ length: 2 * half + 1 }, (_, at) => Math.exp(-0.5 * ((at - half) / deviation) ** 2)));
}

function normalised(kernel: readonly number[]): number[] {
  const sum = kernel.reduce((total, value) => total + value, 0);
  return kernel.map((value) => value / sum);
}

/** Convolves along one axis; beyond the edges lies what is at the edge. */
function convolved({ data, width, height }: RgbImage, kernel: readonly number[], axis: 'x' | 'y'): RgbImage {
  const result = new Uint8Array(data.length);
  const half = (kernel.length - 1) / 2;
  const [length, step, lines, lineStep] = axis === 'x' ? [width, 3, height, 3 * width] : [height, 3 * width, width, 3];
  for (let line = 0; line < lines; line++) {
    for (let channel = 0; channel < 3; channel++) {
      const start = line * lineStep + channel;
      for (let at = 0; at < length; at++) {
        let sum = 0;
        for (let tap = 0; tap < kernel.length; tap++) {
          const from = Math.min(length - 1, Math.max(0, at + tap - half));
          sum += kernel[tap]! * data[start + from * step]!;
        }
        result[start + at * step] = Math.round(sum);
      }
    }
  }
  return { data: result, width, height };
}

/**
 * The image made smaller, each pixel the mean of what it covers, until its face has a width.
 *
 * @param image square; @param width pixels; a face that is not wider stays as it is
 */
export function shrunk({ image, landmarks }: FaceImage, width: number): RgbImage {
  const size = Math.round((image.width * width) / faceWidth(landmarks));
  return size >= image.width ? image : squareOf(image, wholeImage(image), size);
}

/** A square of an image, size x size pixels, each the mean of what it covers; beyond the edges lies what is at the edge. */
export function squareOf(image: RgbImage, square: ImageSquare, size: number): RgbImage {
  const samples = sampleSquare(image, square, size, { border: 'edge', maxStep: 1 });
  return { data: Uint8Array.from(samples, Math.round), width: size, height: size };
}

/** The image in bad light: @param light what is left of the brightness, 0 to 1; @param noise standard deviation, of 255 */
export function darkened({ image }: FaceImage, light: number, noise: number, seed: number): RgbImage {
  const random = new SeededRandom(seed);
  const data = Uint8Array.from(image.data, (value) =>
    Math.min(255, Math.max(0, Math.round(value * light + noise * random.normal()))),
  );
  return { ...image, data };
}
