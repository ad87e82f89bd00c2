import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInputError } from '../src/errors.js';
import { LANDMARKS } from '../src/perception/landmarks/dlib_landmarks.js';
import { eyeDistance, type Landmarks68 } from '../src/perception/landmarks/landmarks68.js';

/** An image of a face whose landmarks are known. */
export interface GroundTruth {
  readonly file: string;
  readonly landmarks: Landmarks68;
}

/**
 * The images of a folder with their landmarks: those of its landmarks.csv (image, x0, y0, ..., x67, y67 in pixels, under a
 * line of headings), or those that have a .pts file (iBUG's, pixels counted from 1).
 *
 * @throws InvalidInputError naming the file, when there is neither, or numbers are missing
 */
export function readGroundTruth(folder: string): GroundTruth[] {
  const csv = join(folder, 'landmarks.csv');
  if (existsSync(csv)) {
    const lines = readFileSync(csv, 'utf8').trim().split('\n').slice(1);
    return lines.map((line) => {
      const [name, ...numbers] = line.split(',');
      return { file: join(folder, name!), landmarks: asLandmarks(numbers.map(Number), csv) };
    });
  }
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const found = names
    .filter((name) => name.endsWith('.pts'))
    .flatMap((name) => {
      const stem = name.slice(0, -'.pts'.length);
      const image = names.find((other) => other.startsWith(`${stem}.`) && /\.(jpe?g|png)$/.test(other));
      const text = readFileSync(join(folder, name), 'utf8');
      const numbers = text
        .slice(text.indexOf('{') + 1, text.indexOf('}'))
        .trim()
        .split(/\s+/);
      const landmarks = asLandmarks(
        numbers.map((number) => Number(number) - 1),
        join(folder, name),
      );
      return image === undefined ? [] : [{ file: join(folder, image), landmarks }];
    });
  if (found.length === 0) {
    throw new InvalidInputError(
      'the ground truth',
      folder,
      'a folder with landmarks.csv, or images with .pts files',
      '--ground-truth',
    );
  }
  return found;
}

function asLandmarks(numbers: readonly number[], origin: string): Landmarks68 {
  if (numbers.length !== 2 * LANDMARKS || !numbers.every(Number.isFinite)) {
    throw new InvalidInputError('the landmarks', numbers, `${2 * LANDMARKS} numbers`, origin);
  }
  return Float32Array.from(numbers);
}

/** The mean distance of the landmarks to the true ones, over the distance of the true outer eye corners. */
export function landmarkError(landmarks: Landmarks68, truth: Landmarks68): number {
  return meanDistance(landmarks, truth) / eyeDistance(truth);
}

/** The mean distance of each landmark in one face to the same one in another, pixels. */
export function meanDistance(first: Landmarks68, second: Landmarks68): number {
  let sum = 0;
  for (let at = 0; at < first.length; at += 2) {
    sum += Math.hypot(first[at]! - second[at]!, first[at + 1]! - second[at + 1]!);
  }
  return (2 * sum) / first.length;
}
