import { join, relative } from 'node:path';
import { ExpectedError, errorMessage } from '../errors.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { type FolderFiles, listFileTree, stemOf } from './file_tree.js';
import { countClasses, type Finding, inspectFace } from './inspection.js';
import { type FrameRecord, readLandmarkFolderInfo, readRecord } from './landmark_folder.js';
import { readNpy } from './npy.js';

/** A sequence to draw. */
export interface DrawableSequence {
  readonly title: string;
  /** Each (V, 2), flat; y downwards. */
  readonly frames: readonly Float32Array[];
}

/** What is in a folder of data, and what looks wrong. */
export interface Inspection {
  readonly kind: string;
  /** By what they are of. */
  readonly shapes: Record<string, readonly number[]>;
  readonly classes: Record<string, number>;
  readonly subjects: number;
  readonly sequences: number;
  readonly frames: number;
  readonly extractor: string | null;
  readonly findings: readonly Finding[];
}

/**
 * Looks at a tree of landmarks, a .npy (68, 2) a frame: SUBJECT/CLASS, SUBJECT/CLASS/SEQUENCE, or Train|Val/CLASS/CLIP.
 *
 * @param drawn sequences that are given back to be drawn, evenly chosen
 * @throws InvalidInputError naming the folder that cannot be read; the signal's reason
 */
export async function inspectLandmarkFolder(
  root: string,
  drawn: number,
  signal: AbortSignal,
): Promise<{ inspection: Inspection; sequences: DrawableSequence[] }> {
  const folders = listFileTree(root, (name) => name.endsWith('.npy'));
  const findings: Finding[] = [];
  const categories: string[] = [];
  const subjects = new Set<string>();
  const sequences: DrawableSequence[] = [];
  const splits = new Map<string, string[]>();
  let frames = 0;
  let sized = 0;
  for (const [index, folder] of folders.entries()) {
    signal.throwIfAborted();
    const [first, category] = folder.folder.split('/');
    const isSplit = /^(train|val)$/i.test(first ?? '');
    categories.push(category ?? '(no class)');
    if (!isSplit && first) subjects.add(first);
    if (isSplit) splits.set(first!, [...(splits.get(first!) ?? []), category ?? '']);
    const records = (await readRecord(root, folder.folder)) ?? [];
    sized += records.length;
    const faces = readFaces(root, folder, records, findings);
    frames += folder.names.length;
    const missing = records.filter(({ state }) => state !== 'found').length;
    if (missing > 0) {
      findings.push({ kind: 'no_face', of: folder.folder, what: `no face in ${missing} of ${records.length} images` });
    }
    const isDrawn = Math.floor((index * drawn) / folders.length) !== Math.floor(((index - 1) * drawn) / folders.length);
    if (isDrawn && faces.length > 0) sequences.push({ title: folder.folder || relative('.', root), frames: faces });
  }
  for (const [split, present] of splits) {
    for (const category of new Set(categories)) {
      if (!present.includes(category))
        findings.push({ kind: 'class_missing', of: split, what: `no clip of ${category}` });
    }
  }
  const inspection = {
    kind: 'landmarks',
    shapes: { frame: [LANDMARKS, 2] },
    classes: countClasses(categories),
    subjects: subjects.size,
    sequences: folders.length,
    frames,
    extractor: (await readLandmarkFolderInfo(root))?.extractor ?? null,
    image_sizes_known: sized > 0,
    findings,
  };
  return { inspection, sequences };
}

function readFaces(
  root: string,
  { folder, names }: FolderFiles,
  records: readonly FrameRecord[],
  findings: Finding[],
): Float32Array[] {
  const sizes = new Map(records.map((record) => [stemOf(record.image), record]));
  return names.flatMap((name) => {
    const of = folder === '' ? name : `${folder}/${name}`;
    try {
      const { dims, values } = readNpy(join(root, of));
      if (dims.length !== 2 || dims[0] !== LANDMARKS || dims[1] !== 2) {
        findings.push({ kind: 'shape', of, what: `the shape is (${dims.join(', ')}), not (${LANDMARKS}, 2)` });
        return [];
      }
      const record = sizes.get(stemOf(name));
      findings.push(...inspectFace(values, of, record !== undefined && record.width > 0 ? record : null));
      return [values];
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      findings.push({ kind: 'unreadable', of, what: errorMessage(error) });
      return [];
    }
  });
}
