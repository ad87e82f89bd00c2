import { growingMemory, openWebAssembly, PAGE_BYTES } from '../web_assembly.js';
import type { RgbImage } from './rgb_image.js';

/** Pixels of an image, and of one pixel about it: its first ones, and how many. */
export interface ImageRegion {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Samples of an image on a turned grid, averaged and written as pixels of a result. */
export interface SampleGrid {
  /** The first sample, in pixels of the image, the middle of its first one being 0. */
  readonly x: number;
  readonly y: number;
  /** From a sample to the next one to the right, pixels; to the next below it is (-stepY, stepX). */
  readonly stepX: number;
  readonly stepY: number;
  /** Averaged for each value, in each direction. */
  readonly samples: number;
  /** Pixels of the result. */
  readonly columns: number;
  readonly rows: number;
  /** Values are low + gain times the mean of the bytes. */
  readonly low: number;
  readonly gain: number;
}

/** The function of sample_tile.wat, where its arguments are explained. */
type SampleTile = (
  region: number,
  width: number,
  height: number,
  x: number,
  y: number,
  stepX: number,
  stepY: number,
  samples: number,
  target: number,
  targetStride: number,
  columns: number,
  rows: number,
  low: number,
  gain: number,
  places: number,
  listBytes: number,
) => void;

/** Bytes that sample_tile.wat reads after a region's last row, beside one row more. */
const BYTES_READ_BEYOND = 8;

/** sample_tile.wat, and the memory that it works in: the results, then its lists, then the region. */
class SamplingKernel {
  readonly #memory = growingMemory();
  readonly #sampleTile: SampleTile;
  #bytes = new Uint8Array(this.#memory.buffer);

  constructor() {
    const file = new URL('./sample_tile.wasm', import.meta.url);
    this.#sampleTile = openWebAssembly<{ readonly sampleTile: SampleTile }>(file, this.#memory).sampleTile;
  }

  /**
   * Samples a region of an image; what lies outside of the region counts as the nearest pixel in it.
   *
   * @param region what lies outside of the image is black
   * @param size (size, size, 3) values make the result
   * @param first where in the result the grid's first pixel goes: its place among the size * size
   */
  sample(image: RgbImage, region: ImageRegion, grid: SampleGrid, size: number, first: number): void {
    const { x, y, stepX, stepY, samples, columns, rows, low, gain } = grid;
    const places = size * size * 12;
    const listBytes = (columns * samples + 3) * 4;
    const at = places + 3 * listBytes;
    this.#reserve(at + region.width * (region.height + 1) * 3 + BYTES_READ_BEYOND);
    copyRegion(image, region, this.#bytes, at);
    this.#sampleTile(
      at,
      region.width,
      region.height,
      x - region.left,
      y - region.top,
      stepX,
      stepY,
      samples,
      first * 12,
      size * 12,
      columns,
      rows,
      low,
      gain / (samples * samples),
      places,
      listBytes,
    );
  }

  /** The first `length` values of the results; the next call of any method overwrites them. */
  results(length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, 0, length);
  }

  #reserve(bytes: number): void {
    const missing = bytes - this.#bytes.length;
    if (missing <= 0) return;
    this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.#bytes = new Uint8Array(this.#memory.buffer);
  }
}

function copyRegion({ data, width, height }: RgbImage, region: ImageRegion, target: Uint8Array, at: number): void {
  const stride = region.width * 3;
  // Decoders give Node's Buffers, which take longer to make parts of themselves.
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
  const from = Math.max(region.left, 0);
  const until = Math.min(region.left + region.width, width);
  for (let y = region.top; y < region.top + region.height; y++, at += stride) {
    if (y < 0 || y >= height || from >= until) {
      target.fill(0, at, at + stride);
      continue;
    }
    if (from > region.left) target.fill(0, at, at + 3);
    target.set(bytes.subarray((y * width + from) * 3, (y * width + until) * 3), at + (from - region.left) * 3);
    if (until < region.left + region.width) target.fill(0, at + stride - 3, at + stride);
  }
}

let kernel: SamplingKernel | undefined;

/** The kernel of this thread: all sampling in it shares one memory, which is as large as the largest region so far wanted. */
export function samplingKernel(): SamplingKernel {
  kernel ??= new SamplingKernel();
  return kernel;
}
