import assert from 'node:assert/strict';
import { InvalidInputError } from '../../src/errors.js';
import { SeededRandom } from '../../src/learner/random/seeded_random.js';

export interface DamagedFile {
  /** What was done, for the message of a test that fails. */
  readonly damage: string;
  readonly bytes: Buffer;
}

/** A file cut at many lengths, with blocks of it zeroed, with single bits flipped, with bytes lost and with bytes added. */
export function* damagedFiles(intact: Uint8Array, seed: number, ofEachKind: number): Generator<DamagedFile> {
  const random = new SeededRandom(seed);
  const size = intact.length;
  for (let i = 0; i < ofEachKind; i++) {
    // The ends are where containers have their tables, so half of the cuts are near them.
    const length =
      i % 4 === 0 ? random.below(Math.min(size, 64)) : i % 4 === 1 ? size - 1 - random.below(64) : random.below(size);
    yield { damage: `cut to ${length} bytes`, bytes: Buffer.from(intact.subarray(0, Math.max(0, length))) };
  }
  for (let i = 0; i < ofEachKind; i++) {
    const start = random.below(size);
    const end = Math.min(size, start + 2 ** random.below(12));
    yield { damage: `zeroed from ${start} to ${end}`, bytes: Buffer.from(intact).fill(0, start, end) };
  }
  for (let i = 0; i < 4 * ofEachKind; i++) {
    const position = random.below(size);
    const bit = random.below(8);
    const bytes = Buffer.from(intact);
    bytes[position]! ^= 1 << bit;
    yield { damage: `bit ${bit} of byte ${position} flipped`, bytes };
  }
  for (let i = 0; i < ofEachKind; i++) {
    const position = random.below(size);
    const count = 1 + random.below(8);
    const [before, after] = [intact.subarray(0, position), intact.subarray(position)];
    yield { damage: `${count} bytes lost at ${position}`, bytes: Buffer.concat([before, after.subarray(count)]) };
    const added = Buffer.from(Array.from({ length: count }, () => random.below(256)));
    yield { damage: `${count} bytes added at ${position}`, bytes: Buffer.concat([before, added, after]) };
  }
}

/** A file cut at every length. */
export function* cutFiles(intact: Uint8Array): Generator<DamagedFile> {
  for (let length = 0; length < intact.length; length++) {
    yield { damage: `cut to ${length} bytes`, bytes: Buffer.from(intact.subarray(0, length)) };
  }
}

/**
 * Reads damaged files: each must be refused by an InvalidInputError that names the file, or give what the intact one gives.
 *
 * @param intact left out for a format without checksums, where damage may give other contents
 * @returns the share of the files that were refused
 */
export async function readDamaged<Contents>(
  files: Iterable<DamagedFile>,
  name: string,
  read: (bytes: Buffer) => Contents | Promise<Contents>,
  intact?: Contents,
): Promise<number> {
  let count = 0;
  let refused = 0;
  for (const { damage, bytes } of files) {
    count++;
    let contents: Contents;
    try {
      contents = await read(bytes);
    } catch (error) {
      assert.ok(error instanceof InvalidInputError && error.message.includes(name), `${damage}: ${String(error)}`);
      refused++;
      continue;
    }
    if (intact !== undefined) assert.deepEqual(contents, intact, damage);
  }
  return refused / count;
}
