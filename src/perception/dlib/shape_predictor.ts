import { LANDMARKS } from '../landmarks/dlib_landmarks.js';
import { DlibReader } from './dlib_reader.js';
import { allocateLeaves, type LeafMemory, SHAPE_VALUES } from './leaf_memory.js';

/** What the one known version of the format is called. */
const VERSION = 1;
/** More levels than this below a tree's root are taken for damage. */
const LARGEST_DEPTH = 12;
/** Larger cascades, forests and sets of pixels are taken for damage: those of the 68-point model are 15, 500 and 500. */
const LARGEST_COUNT = 65535;
/** Bytes of the shortest serialized number, whole or not. */
const INTEGER_BYTES = 2;
const FLOAT_BYTES = 4;
/** No part of a face is so many boxes away from it, and no two greys (0 to 255) differ by more. */
const LARGEST_OFFSET = 100;
const LARGEST_GREY = 255;

/**
 * A cascade of forests of regression trees that finds the 68 landmarks of a face in a box (Kazemi and Sullivan, "One
 * Millisecond Face Alignment with an Ensemble of Regression Trees", CVPR 2014), as dlib trains it. Places are in units of
 * the box: its left upper pixel is at (0, 0), its right lower one at (1, 1). All forests have the same number of trees,
 * all trees the same depth.
 */
export interface ShapePredictor {
  /** (136): where the points are looked for first, the mean over the faces that it was trained on. */
  readonly initialShape: Float32Array;
  /** Forests, one after the other. */
  readonly cascades: number;
  /** Trees of a forest. */
  readonly trees: number;
  /** Levels of a tree: it asks so many questions. */
  readonly depth: number;
  /** Pixels that the trees of a forest compare. */
  readonly pixels: number;
  /** (cascades, trees, 2^depth - 1): the pixels whose difference a node asks for, the first less the second one. */
  readonly firstPixels: Uint16Array;
  readonly secondPixels: Uint16Array;
  /**
   * (cascades, trees, 2^depth - 1): above it a node's left child is next, 2 node + 1, else the right one, 2 node + 2. Rounded
   * down, which is the same, as differences of greys are whole.
   */
  readonly thresholds: Int16Array;
  /** (cascades, trees, 2^depth, 136): what is added to the shape where a tree ends. */
  readonly leaves: Float32Array;
  /** What the leaves lie in. */
  readonly memory: LeafMemory['memory'];
  /** (cascades, pixels): the point of the shape that a pixel goes along with. */
  readonly anchors: Uint16Array;
  /** (cascades, pixels, 2): where it is from there, in the initial shape. */
  readonly deltas: Float32Array;
}

/**
 * Reads a shape predictor of 68 points out of dlib's serialization, as `shape_predictor_68_face_landmarks.dat` has it.
 *
 * @param origin the file's name, for errors
 * @throws InvalidInputError naming the file, what in it is wrong, and what was expected
 */
export function parseShapePredictor(bytes: Uint8Array, origin: string): ShapePredictor {
  const reader = new DlibReader(bytes, origin);
  reader.integer('the version of the shape predictor', VERSION, VERSION);
  const initialShape = new Float32Array(SHAPE_VALUES);
  readShape(reader, 'the initial shape', initialShape, 0);
  const cascades = reader.integer('the number of cascades', 1, LARGEST_COUNT);
  const trees = reader.integer('the number of trees', 1, LARGEST_COUNT);
  const splits = reader.integer("the number of a tree's splits", 1, 2 ** LARGEST_DEPTH - 1);
  const depth = Math.log2(splits + 1);
  if (!Number.isInteger(depth))
    throw reader.error("the number of a tree's splits", splits, 'one less than a power of 2');
  const leavesOfAll = cascades * trees * (splits + 1);
  // Memory is taken only for what the file can hold.
  const bytesAtLeast = leavesOfAll * SHAPE_VALUES * FLOAT_BYTES;
  if (bytesAtLeast > reader.remaining) {
    const described = `${cascades} cascades of ${trees} trees with ${splits} splits`;
    throw reader.error('the size of the model', described, `one that fits into ${reader.remaining} more bytes`);
  }
  const splitsOfAll = cascades * trees * splits;
  const firstPixels = new Uint16Array(splitsOfAll);
  const secondPixels = new Uint16Array(splitsOfAll);
  const thresholds = new Int16Array(splitsOfAll);
  const threshold = new Float32Array(1);
  const { memory, leaves } = allocateLeaves(leavesOfAll, trees);
  let largestPixel = 0;
  for (let cascade = 0; cascade < cascades; cascade++) {
    if (cascade > 0) reader.integer('the number of trees', trees, trees);
    for (let tree = 0; tree < trees; tree++) {
      if (cascade + tree > 0) reader.integer("the number of a tree's splits", splits, splits);
      const place = cascade * trees + tree;
      for (let split = place * splits; split < (place + 1) * splits; split++) {
        firstPixels[split] = reader.integer("a split's first pixel", 0, LARGEST_COUNT);
        secondPixels[split] = reader.integer("a split's second pixel", 0, LARGEST_COUNT);
        largestPixel = Math.max(largestPixel, firstPixels[split]!, secondPixels[split]!);
        reader.floats("a split's threshold", threshold, 0, 1, LARGEST_GREY);
        thresholds[split] = Math.floor(threshold[0]!);
      }
      reader.integer("the number of a tree's leaves", splits + 1, splits + 1);
      for (let leaf = place * (splits + 1); leaf < (place + 1) * (splits + 1); leaf++) {
        readShape(reader, 'a leaf', leaves, leaf * SHAPE_VALUES);
      }
    }
  }
  const pixels = readPixelCount(reader, 'the number of anchors', cascades, undefined);
  if (pixels <= largestPixel) throw reader.error('the number of anchors', pixels, `more than ${largestPixel}`);
  const anchors = new Uint16Array(cascades * pixels);
  for (let cascade = 0; cascade < cascades; cascade++) {
    if (cascade > 0) reader.integer('the number of anchors', pixels, pixels);
    for (let pixel = 0; pixel < pixels; pixel++) {
      anchors[cascade * pixels + pixel] = reader.integer('an anchor', 0, LANDMARKS - 1);
    }
  }
  readPixelCount(reader, 'the number of deltas', cascades, pixels);
  const deltas = new Float32Array(cascades * pixels * 2);
  for (let cascade = 0; cascade < cascades; cascade++) {
    if (cascade > 0) reader.integer('the number of deltas', pixels, pixels);
    reader.floats('a delta', deltas, cascade * pixels * 2, pixels * 2, LARGEST_OFFSET);
  }
  reader.end('the deltas');
  return {
    initialShape,
    cascades,
    trees,
    depth,
    pixels,
    firstPixels,
    secondPixels,
    thresholds,
    leaves,
    memory,
    anchors,
    deltas,
  };
}

/** Reads a column of 136 values. dlib writes the two sizes of a matrix negative, since an older format had them positive. */
function readShape(reader: DlibReader, thing: string, target: Float32Array, at: number): void {
  const rows = reader.integer(`the rows of ${thing}`, -LARGEST_COUNT, LARGEST_COUNT);
  const columns = reader.integer(`the columns of ${thing}`, -1, 1);
  if (Math.abs(rows) !== SHAPE_VALUES || columns === 0) {
    const expected = `${SHAPE_VALUES} x 1, the coordinates of ${LANDMARKS} points`;
    throw reader.error(`the size of ${thing}`, `${Math.abs(rows)} x ${Math.abs(columns)}`, expected);
  }
  reader.floats(thing, target, at, SHAPE_VALUES, LARGEST_OFFSET);
}

/** Reads how many cascades have pixels, which must be all, and how many the first one has. */
function readPixelCount(reader: DlibReader, thing: string, cascades: number, pixels: number | undefined): number {
  reader.integer(`the cascades that ${thing} is given for`, cascades, cascades);
  const count = reader.integer(thing, pixels ?? 1, pixels ?? LARGEST_COUNT);
  if (pixels === undefined && count * cascades * INTEGER_BYTES > reader.remaining) {
    throw reader.error(thing, count, `one that fits into ${reader.remaining} more bytes`);
  }
  return count;
}
