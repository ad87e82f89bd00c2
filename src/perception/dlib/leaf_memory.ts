import { openWebAssembly, sharedMemory, type WasmMemory } from '../web_assembly.js';

/** Values of a shape, and of a leaf: x0, y0, x1, y1, ... */
export const SHAPE_VALUES = 136;

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
const SHAPE_BYTES = SHAPE_VALUES * FLOAT_BYTES;
/** Runs that can be in work at the same time, in different threads; more wait for each other. */
const PLACES = 256;
const FLAG_BYTES = PLACES * Int32Array.BYTES_PER_ELEMENT;

/**
 * The leaves of a shape predictor, in memory that threads share. Before the leaves it has a flag for each of the places in
 * which runs work, 1 where it is taken, and the places: a shape, and an address for each tree of a forest.
 */
export interface LeafMemory {
  readonly memory: WasmMemory<SharedArrayBuffer>;
  readonly leaves: Float32Array;
}

function placeBytes(trees: number): number {
  return SHAPE_BYTES + 16 * Math.ceil((trees * Int32Array.BYTES_PER_ELEMENT) / 16);
}

/** Memory for so many leaves of a model whose forests have so many trees. */
export function allocateLeaves(leaves: number, trees: number): LeafMemory {
  const start = FLAG_BYTES + PLACES * placeBytes(trees);
  const memory = sharedMemory(start + leaves * SHAPE_BYTES);
  return { memory, leaves: new Float32Array(memory.buffer, start, leaves * SHAPE_VALUES) };
}

/** Where one run works. */
export interface LeafSum {
  /** (136): what leaves are added to. */
  readonly shape: Float32Array;
  /** (trees): the leaves' addresses. */
  readonly ends: Int32Array;
  /** Adds the leaves, one after the other, in single precision: the order decides how sums are rounded. */
  readonly add: () => void;
}

type AddLeaves = (ends: number, endOfEnds: number, shape: number) => void;

/** Adds up leaves, in one thread. */
export class LeafAdder {
  readonly #memory: WasmMemory<SharedArrayBuffer>;
  readonly #trees: number;
  readonly #flags: Int32Array;
  readonly #addLeaves: AddLeaves;
  readonly #sums = new Map<number, LeafSum>();
  #place = 0;

  constructor({ memory }: LeafMemory, trees: number) {
    this.#memory = memory;
    this.#trees = trees;
    this.#flags = new Int32Array(memory.buffer, 0, PLACES);
    const file = new URL('./add_leaves.wasm', import.meta.url);
    this.#addLeaves = openWebAssembly<{ readonly addLeaves: AddLeaves }>(file, memory).addLeaves;
  }

  /** Lends a place for as long as the work takes. */
  run<Result>(work: (sum: LeafSum) => Result): Result {
    // The place of the time before is nearly always free.
    while (Atomics.compareExchange(this.#flags, this.#place, 0, 1) !== 0) this.#place = (this.#place + 1) % PLACES;
    const place = this.#place;
    try {
      return work(this.#sumAt(place));
    } finally {
      Atomics.store(this.#flags, place, 0);
    }
  }

  #sumAt(place: number): LeafSum {
    const known = this.#sums.get(place);
    if (known !== undefined) return known;
    const { buffer } = this.#memory;
    const at = FLAG_BYTES + place * placeBytes(this.#trees);
    const ends = new Int32Array(buffer, at + SHAPE_BYTES, this.#trees);
    const endOfEnds = ends.byteOffset + ends.byteLength;
    const add = () => this.#addLeaves(ends.byteOffset, endOfEnds, at);
    const sum = { shape: new Float32Array(buffer, at, SHAPE_VALUES), ends, add };
    this.#sums.set(place, sum);
    return sum;
  }
}
