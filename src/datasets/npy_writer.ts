import { writeWhole } from '../files.js';
import { npyHeaderBytes } from './npy.js';

/** Bytes that are gathered before they are written. */
const BLOCK_BYTES = 4 * 2 ** 20;

/**
 * Writes a .npy file of float32, row by row: it may be larger than memory. It is there whole or not at all.
 *
 * @param dims of the whole array
 * @param rows each dims[1] * dims[2] * ... elements, in C order, dims[0] of them; an array may be filled again by the next
 * @throws Error where the rows are not as many or as long as `dims` say; what `rows` throws
 */
export async function writeNpyRows(
  path: string,
  dims: readonly number[],
  rows: Iterable<Float32Array> | AsyncIterable<Float32Array>,
): Promise<void> {
  const [count, ...rest] = dims;
  const rowSize = rest.reduce((product, dim) => product * dim, 1);
  await writeWhole(path, async (file) => {
    await file.writeFile(npyHeaderBytes(dims, '<f4'));
    const block = new Float32Array(rowSize * Math.max(1, Math.floor(BLOCK_BYTES / 4 / Math.max(1, rowSize))));
    let filled = 0;
    let written = 0;
    const flush = async () => {
      await file.writeFile(new Uint8Array(block.buffer, 0, 4 * filled));
      filled = 0;
    };
    for await (const row of rows) {
      if (row.length !== rowSize) throw new Error(`a row of ${path} has ${row.length} elements instead of ${rowSize}`);
      if (filled === block.length) await flush();
      block.set(row, filled);
      filled += rowSize;
      written++;
    }
    await flush();
    if (written !== count) throw new Error(`${path} would have ${written} rows instead of ${count}`);
  });
}
