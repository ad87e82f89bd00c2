import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInputError } from '../errors.js';
import { readFolderOf } from '../files.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { readNpy } from './npy.js';

/** A sequence of a face's landmarks, from its resting first frame to the expression's apex. */
export interface LandmarkSequence {
  readonly subject: string;
  /** The name of the class's folder. */
  readonly category: string;
  /** Where it was read from, for messages. */
  readonly path: string;
  /** The numbers of the frames that are there, ascending. */
  readonly frameNumbers: readonly number[];
  /** (frames, 68, 2): x and y in pixels. */
  readonly landmarks: Float32Array;
}

/**
 * Reads SUBJECT/CLASS/SEQUENCE/{0,1,2,...}.npy, each file (68, 2) pixels, in the order of the names.
 *
 * @throws InvalidInputError naming the folder or file that is not as expected
 */
export function readLandmarkTree(root: string): LandmarkSequence[] {
  const sequences = foldersIn(root).flatMap((subject) =>
    foldersIn(join(root, subject)).flatMap((category) =>
      foldersIn(join(root, subject, category)).map((name) =>
        readSequence(join(root, subject, category, name), subject, category),
      ),
    ),
  );
  if (sequences.length === 0) {
    throw new InvalidInputError('the landmark tree', root, 'SUBJECT/CLASS/SEQUENCE/{0,1,...}.npy in it', root);
  }
  return sequences;
}

function readSequence(folder: string, subject: string, category: string): LandmarkSequence {
  const frameNumbers = readdirSync(folder)
    .filter((file) => /^\d+\.npy$/.test(file))
    .map((file) => Number.parseInt(file, 10))
    .sort((a, b) => a - b);
  if (frameNumbers.length === 0)
    throw new InvalidInputError('the sequence', folder, 'files named 0.npy, 1.npy, ...', folder);
  const size = 2 * LANDMARKS;
  const landmarks = new Float32Array(frameNumbers.length * size);
  frameNumbers.forEach((number, index) => {
    const path = join(folder, `${number}.npy`);
    const { dims, values } = readNpy(path);
    if (dims.length !== 2 || dims[0] !== LANDMARKS || dims[1] !== 2) {
      throw new InvalidInputError('the shape', dims, `(${LANDMARKS}, 2)`, path);
    }
    if (!values.every(Number.isFinite)) throw new InvalidInputError('a landmark', Number.NaN, 'finite pixels', path);
    landmarks.set(values, index * size);
  });
  return { subject, category, path: folder, frameNumbers, landmarks };
}

function foldersIn(path: string): string[] {
  return readFolderOf('the folder', path)
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
