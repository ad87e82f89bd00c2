import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { csvField, csvFields } from '../csv.js';
import { InvalidInputError } from '../errors.js';
import { readFileIfThere, readFileOf, writeFilesTogether, writeFileWhole } from '../files.js';
import { jsonText, parseJson } from '../json.js';
import { parseOptions } from '../options.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { stemOf } from './file_tree.js';
import { type FilledFrame, MISSING_RULES } from './missing_landmarks.js';
import { npyBytes } from './npy.js';

/** How a folder's landmarks were made; one folder has landmarks of one kind. */
export const landmarkFolderSchema = z.strictObject({
  extractor: z.string().min(1),
  missing: z.enum(MISSING_RULES),
  /** Landmarks are in pixels of an image of this width; null: of the image itself. */
  width: z.number().positive().nullable(),
});

export type LandmarkFolderInfo = z.output<typeof landmarkFolderSchema>;

/** A frame of a sequence, for its file and the record. */
export interface LandmarkFrame extends FilledFrame {
  /** The image's name. */
  readonly image: string;
  /** Of the image in the landmarks' pixels; 0 where it could not be decoded. */
  readonly width: number;
  readonly height: number;
  /** Why there is no face; empty where there is one. */
  readonly reason: string;
}

/** A line of the record of a sequence. */
export type FrameRecord = Omit<LandmarkFrame, 'landmarks'>;

const INFO = 'landmarks.json';
/** The records of sequences, hidden so that nothing else takes them for data. */
const RECORDS = '.landmarks';
const HEADER = 'image,width,height,state,reason';

/** How the landmarks of a folder were made; null where that is not told. */
export async function readLandmarkFolderInfo(root: string): Promise<LandmarkFolderInfo | null> {
  const path = join(root, INFO);
  const text = await readFileIfThere('the description of the landmarks', path);
  return text && parseOptions(landmarkFolderSchema, parseJson(text.toString('utf8'), 'the description', path), path);
}

/**
 * Notes how a folder's landmarks are made.
 *
 * @throws InvalidInputError where there are landmarks that were made in another way
 */
export async function claimLandmarkFolder(root: string, info: LandmarkFolderInfo): Promise<void> {
  const before = await readLandmarkFolderInfo(root);
  for (const key of ['extractor', 'missing', 'width'] as const) {
    if (before !== null && before[key] !== info[key]) {
      const expected = `${before[key]}, as of the landmarks that are there; or another folder`;
      throw new InvalidInputError(key, info[key], expected, join(root, INFO));
    }
  }
  if (before === null) await writeFileWhole(join(root, INFO), jsonText(info));
}

/**
 * Whether the landmarks of a sequence were written, of these images.
 *
 * @param folder of the sequence, from the root; @param images their names, in order
 */
export async function hasLandmarks(root: string, folder: string, images: readonly string[]): Promise<boolean> {
  const record = await readRecord(root, folder);
  return record !== null && record.length === images.length && record.every(({ image }, i) => image === images[i]);
}

/**
 * Writes a .npy (68, 2) for each frame with landmarks, named as its image, and the record of all frames. What was written of
 * other images before goes.
 */
export async function writeLandmarks(root: string, folder: string, frames: readonly LandmarkFrame[]): Promise<void> {
  const before = (await readRecord(root, folder)) ?? [];
  for (const { image } of before) await rm(join(root, folder, `${stemOf(image)}.npy`), { force: true });
  const files = frames.flatMap(({ image, landmarks }) =>
    landmarks === null
      ? []
      : [{ name: `${stemOf(image)}.npy`, bytes: npyBytes({ dims: [LANDMARKS, 2], values: landmarks }) }],
  );
  if (files.length > 0) await writeFilesTogether(join(root, folder), files);
  const lines = frames.map(({ image, width, height, state, reason }) =>
    [image, width, height, state, reason].map((value) => csvField(String(value))).join(','),
  );
  await writeFileWhole(recordPath(root, folder), `${[HEADER, ...lines].join('\n')}\n`);
}

/** The record of a sequence's frames; null where there is none, as of landmarks from elsewhere. */
export async function readRecord(root: string, folder: string): Promise<FrameRecord[] | null> {
  const path = recordPath(root, folder);
  if (!existsSync(path)) return null;
  const [, ...lines] = (await readFileOf('the record of landmarks', path)).toString('utf8').trim().split('\n');
  return lines.map((line) => {
    const [image, width, height, state, reason] = csvFields(line);
    return {
      image: image!,
      width: Number(width),
      height: Number(height),
      state: state as FrameRecord['state'],
      reason: reason!,
    };
  });
}

function recordPath(root: string, folder: string): string {
  return join(root, RECORDS, `${folder}.csv`);
}
