import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InvalidInputError } from '../src/errors.js';
import { packageRoot } from '../src/package_root.js';
import type { Note } from './live_behaviour.js';

const notesSchema = z.record(
  z.string(),
  z.strictObject({
    images_per_second: z.number().positive(),
    notes: z.array(z.tuple([z.number(), z.number(), z.string()])),
  }),
);

/** A clip of one face, with what the face does in it. */
export interface NotedClip {
  readonly name: string;
  readonly file: string;
  readonly imagesPerSecond: number;
  readonly notes: readonly Note[];
}

/**
 * The clips of some folders that bench/live_notes.json has notes for.
 *
 * @param text a part of the names; '' for all
 * @throws InvalidInputError where there are none
 */
export function notedClips(folders: readonly string[], text: string): NotedClip[] {
  const notes = notesSchema.parse(JSON.parse(readFileSync(join(packageRoot(), 'bench', 'live_notes.json'), 'utf8')));
  const clips = Object.entries(notes).flatMap(([name, { images_per_second: imagesPerSecond, notes: noted }]) => {
    const file = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
    return file === undefined || !name.includes(text) ? [] : [{ name, file, imagesPerSecond, notes: noted }];
  });
  if (clips.length === 0) {
    const expected = `one with any of ${Object.keys(notes).join(', ')}`;
    throw new InvalidInputError('the folder of clips', folders.join(', '), expected, '--clips and --only');
  }
  return clips;
}
