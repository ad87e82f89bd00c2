import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { errorMessage, InvalidInputError } from '../errors.js';
import { readFolderOf } from '../files.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { type LandmarkSequence, readLandmarkTree } from './landmark_tree.js';
import { readNpy } from './npy.js';

const path = z.string().min(1);

/**
 * Where landmarks of several extractors come from: trees of sequences, and folders of stills (labels.csv with the columns
 * row, class and subject, and EXTRACTOR.npy (N, 68, 2) in pixels, NaN where that extractor found no face).
 */
export const landmarkSourceSchema = z.union([
  z.strictObject({ landmarks: path, extractor: z.string().min(1) }),
  z.strictObject({ stills: path }),
]);

export type LandmarkSource = z.output<typeof landmarkSourceSchema>;

/** Frames of one face: the part of a LandmarkSequence that windows are made of. */
export type LandmarkFrames = Pick<LandmarkSequence, 'frameNumbers' | 'landmarks' | 'path'>;

/** An expression that was recorded once, as a sequence or a still, with the landmarks that each extractor found. */
export interface Recording {
  readonly kind: 'sequence' | 'still';
  /** Unique over all sources: the stills of a folder have subjects of their own. */
  readonly subject: string;
  readonly category: string;
  /** SUBJECT/CLASS/SEQUENCE, or FOLDER/ROW of a still. */
  readonly name: string;
  /** By extractor. */
  readonly views: ReadonlyMap<string, LandmarkFrames>;
}

const FACE = 2 * LANDMARKS;

/**
 * Reads all sources. Sequences of the same subject, class and name in several trees are one recording seen by several
 * extractors; so are the rows of a folder of stills.
 *
 * @throws InvalidInputError naming the file or folder that is not as expected
 */
export function readLandmarkSources(sources: readonly LandmarkSource[]): Recording[] {
  const recordings = new Map<string, Recording & { readonly views: Map<string, LandmarkFrames> }>();
  for (const source of sources) {
    const found = 'stills' in source ? readStills(source.stills) : readSequences(source.landmarks, source.extractor);
    for (const { views, ...recording } of found) {
      const key = `${recording.kind} ${recording.name}`;
      const known = recordings.get(key);
      if (known === undefined) recordings.set(key, { ...recording, views: new Map(views) });
      else for (const [extractor, frames] of views) addView(known.views, extractor, frames);
    }
  }
  return [...recordings.values()];
}

function addView(views: Map<string, LandmarkFrames>, extractor: string, frames: LandmarkFrames): void {
  const before = views.get(extractor);
  if (before !== undefined) {
    throw new InvalidInputError('the extractor', extractor, `another one than ${before.path} has`, frames.path);
  }
  views.set(extractor, frames);
}

function readSequences(root: string, extractor: string): Recording[] {
  return readLandmarkTree(root).map((sequence) => ({
    kind: 'sequence',
    subject: sequence.subject,
    category: sequence.category,
    name: `${sequence.subject}/${sequence.category}/${basename(sequence.path)}`,
    views: new Map([[extractor, sequence]]),
  }));
}

function readStills(folder: string): Recording[] {
  const faces = new Map(extractorFiles(folder).map((file) => [basename(file, '.npy'), readFaces(join(folder, file))]));
  const [first] = faces.values();
  const count = first!.length / FACE;
  for (const [extractor, values] of faces) {
    if (values.length === first!.length) continue;
    const expected = `${count}, as the other extractors' files have`;
    throw new InvalidInputError(
      'the number of faces',
      values.length / FACE,
      expected,
      join(folder, `${extractor}.npy`),
    );
  }
  return readLabels(join(folder, 'labels.csv'), count).flatMap(({ row, category, subject }): Recording[] => {
    const views = [...faces].flatMap(([extractor, values]): [string, LandmarkFrames][] => {
      const landmarks = values.subarray(row * FACE, (row + 1) * FACE);
      const name = `${join(folder, `${extractor}.npy`)} row ${row}`;
      return landmarks.every(Number.isFinite) ? [[extractor, { frameNumbers: [1], landmarks, path: name }]] : [];
    });
    const name = `${basename(folder)}/${row}`;
    const recording = { kind: 'still' as const, subject: `${basename(folder)}/${subject}`, category, name };
    return views.length === 0 ? [] : [{ ...recording, views: new Map(views) }];
  });
}

function extractorFiles(folder: string): string[] {
  const files = readFolderOf('the stills', folder)
    .map(({ name }) => name)
    .filter((file) => file.endsWith('.npy'));
  if (files.length === 0) throw new InvalidInputError('the stills', folder, 'EXTRACTOR.npy in it', folder);
  return files.sort();
}

function readFaces(file: string): Float32Array {
  const { dims, values } = readNpy(file);
  if (dims.length !== 3 || dims[1] !== LANDMARKS || dims[2] !== 2) {
    throw new InvalidInputError('the shape', dims, `(N, ${LANDMARKS}, 2)`, file);
  }
  return values;
}

interface StillLabel {
  readonly row: number;
  readonly category: string;
  readonly subject: string;
}

/** The lines of labels.csv: row,class,subject. @param count the number of rows that there are faces for */
function readLabels(file: string, count: number): StillLabel[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const expected = `a readable file (${errorMessage(error)})`;
    throw new InvalidInputError('the labels of the stills', file, expected, file, { cause: error });
  }
  const [header, ...lines] = text.trim().split(/\r?\n/);
  if (header !== 'row,class,subject') throw new InvalidInputError('the first line', header, 'row,class,subject', file);
  return lines.map((line, index) => {
    const [row, category, subject, ...rest] = line.split(',');
    const number = row === '' ? Number.NaN : Number(row);
    if (!Number.isInteger(number) || number < 0 || number >= count || !category || !subject || rest.length > 0) {
      throw new InvalidInputError(`line ${index + 2}`, line, `ROW,CLASS,SUBJECT with a row of 0 to ${count - 1}`, file);
    }
    return { row: number, category, subject };
  });
}
