import { join } from 'node:path';
import { InvalidInputError } from '../errors.js';
import { isFolder, readFolderOf } from '../files.js';
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

/** A sequence on disk that was not read yet. */
export interface LandmarkFiles {
  readonly subject: string;
  readonly category: string;
  /** Its name beside those of other sequences of the same subject and class; empty where it is the only one. */
  readonly name: string;
  /** Where it is, for messages. */
  readonly path: string;
  readonly frameNumbers: readonly number[];
  /** The frames' files, in that order. */
  readonly files: readonly string[];
}

/** A frame's file: what several sequences in one folder differ by, and the number of the frame. */
const FRAME_NAME = /^(.*?)(\d+)\.npy$/;

/**
 * Reads SUBJECT/CLASS/SEQUENCE/{0,1,2,...}.npy or SUBJECT/CLASS/{0,1,2,...}.npy, each file (68, 2) pixels, in the order of
 * the names. What a file's name has before its number does not matter.
 *
 * @throws InvalidInputError naming the folder or file that is not as expected
 */
export function readLandmarkTree(root: string): LandmarkSequence[] {
  return listLandmarkTree(root).map(({ subject, category, path, frameNumbers, files }) => {
    return { subject, category, path, frameNumbers, landmarks: readLandmarkFiles(files) };
  });
}

/** As `readLandmarkTree`, without reading the files. */
export function listLandmarkTree(root: string): LandmarkFiles[] {
  const sequences = foldersIn(root).flatMap((subject) =>
    foldersIn(join(root, subject)).flatMap((category) => sequencesIn(join(root, subject, category), subject, category)),
  );
  if (sequences.length === 0) {
    throw new InvalidInputError('the landmark tree', root, 'SUBJECT/CLASS/SEQUENCE/{0,1,...}.npy in it', root);
  }
  return sequences;
}

/**
 * The landmarks of frames.
 *
 * @returns (files.length, 68, 2), flat
 * @throws InvalidInputError naming the file that is not as expected
 */
export function readLandmarkFiles(files: readonly string[]): Float32Array {
  const size = 2 * LANDMARKS;
  const landmarks = new Float32Array(files.length * size);
  for (const [index, path] of files.entries()) {
    const { dims, values } = readNpy(path);
    if (dims.length !== 2 || dims[0] !== LANDMARKS || dims[1] !== 2) {
      throw new InvalidInputError('the shape', dims, `(${LANDMARKS}, 2)`, path);
    }
    if (!values.every(Number.isFinite)) throw new InvalidInputError('a landmark', Number.NaN, 'finite pixels', path);
    landmarks.set(values, index * size);
  }
  return landmarks;
}

/** The sequences of SUBJECT/CLASS: its folders, or those that its files are of. */
function sequencesIn(folder: string, subject: string, category: string): LandmarkFiles[] {
  const folders = foldersIn(folder).map((name) => {
    const path = join(folder, name);
    const frames = framesIn(path);
    if (frames.length === 0) throw new InvalidInputError('the sequence', path, 'files named 0.npy, 1.npy, ...', path);
    return sequenceOf(frames, { subject, category, name, path });
  });
  return [
    ...folders,
    ...bySequence(framesIn(folder)).map(({ name, frames }) =>
      sequenceOf(frames, { subject, category, name, path: join(folder, name) }),
    ),
  ];
}

interface FrameFile {
  readonly prefix: string;
  readonly number: number;
  readonly file: string;
}

/** The frames' files of a folder, in the order of their numbers. */
export function framesIn(folder: string): FrameFile[] {
  return readFolderOf('the folder', folder)
    .flatMap(({ name }): FrameFile[] => {
      const match = name.startsWith('.') ? null : FRAME_NAME.exec(name);
      return match === null ? [] : [{ prefix: match[1]!, number: Number(match[2]), file: join(folder, name) }];
    })
    .sort((a, b) => a.number - b.number || (a.file < b.file ? -1 : 1));
}

/** Files as S005_001_01.npy and S005_003_01.npy are of two sequences; where one had a single frame, they are of one. */
function bySequence(frames: readonly FrameFile[]): { name: string; frames: readonly FrameFile[] }[] {
  const prefixes = [...new Set(frames.map(({ prefix }) => prefix))].sort();
  const groups = prefixes.map((prefix) => ({
    name: prefix.replace(/[\W_]+$/, ''),
    frames: frames.filter((frame) => frame.prefix === prefix),
  }));
  if (groups.length > 1 && groups.every((group) => group.frames.length > 1)) return groups;
  return frames.length === 0 ? [] : [{ name: '', frames }];
}

function sequenceOf(frames: readonly FrameFile[], of: Omit<LandmarkFiles, 'frameNumbers' | 'files'>): LandmarkFiles {
  return { ...of, frameNumbers: frames.map(({ number }) => number), files: frames.map(({ file }) => file) };
}

/** In the order of their names. */
export function foldersIn(path: string): string[] {
  return readFolderOf('the folder', path)
    .filter((entry) => !entry.name.startsWith('.') && isFolder(path, entry))
    .map((entry) => entry.name)
    .sort();
}
