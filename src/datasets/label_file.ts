import { errorMessage, InvalidInputError } from '../errors.js';
import { readFileOf } from '../files.js';
import { NumpyArray, numpyNames, textOf } from '../pickle/numpy_objects.js';
import { kindOf, readPickle } from '../pickle/pickle_reader.js';
import { PickleWriter } from '../pickle/pickle_writer.js';

/** The labels of a dataset. */
export interface Labels {
  /** (N): names of the samples; null where the file has none. */
  readonly names: readonly string[] | null;
  /** (N): indices of classes, 0 or more. */
  readonly labels: Int32Array;
}

const LARGEST_LABEL = 2 ** 31 - 1;
const FORMS = 'a list of labels, or the pair of names and labels';

/**
 * Reads a file of labels: a pickle of protocols 0 to 5, or JSON.
 *
 * Either holds the pair (names, labels) in either order, as OpenDR's scripts write both, or the labels alone; JSON may
 * also be {"names": [...], "labels": [...]}. In a pickle, lists, tuples and NumPy arrays and numbers are known; it is
 * parsed, never run.
 *
 * @throws InvalidInputError naming the file: missing, damaged, of other contents, with a label that is no whole number
 *   of 0 or more, or with as many names as there are not labels
 */
export async function readLabels(path: string): Promise<Labels> {
  return parseLabels(await readFileOf('the file of labels', path), path);
}

/** The labels in the bytes of a file; `origin` names it in errors. */
export function parseLabels(bytes: Uint8Array, origin: string): Labels {
  const root = isJson(bytes) ? parseJson(bytes, origin) : readPickle(bytes, numpyNames(bytes.length, origin), origin);
  const pair = pairOf(root);
  if (pair === null) {
    const labels = listOf(root);
    if (labels === null) throw new InvalidInputError('the contents', kindOf(root), FORMS, origin);
    return { names: null, labels: labelsOf(labels, origin) };
  }
  const [names, labels] = pair;
  if (names.length !== labels.length) {
    throw new InvalidInputError('the number of names', names.length, `${labels.length}, as there are labels`, origin);
  }
  return { names: namesOf(names, origin), labels: labelsOf(labels, origin) };
}

/**
 * The bytes of a pickle (protocol 2) of the pair (names, labels), as OpenDR writes and reads it.
 *
 * @param names (N); null numbers the samples from "0" on
 */
export function labelBytes(names: readonly string[] | null, labels: ArrayLike<number>): Buffer {
  const pickle = new PickleWriter();
  const indices = Array.from(labels);
  const texts = names ?? indices.map((_, i) => String(i));
  if (texts.length !== indices.length) {
    throw new InvalidInputError(
      'the number of names',
      texts.length,
      `${indices.length}, as there are labels`,
      'labelBytes',
    );
  }
  pickle.tuple(() => {
    pickle.list(() => texts.forEach((name) => void pickle.text(name)));
    pickle.list(() => indices.forEach((label) => void pickle.integer(label)));
  });
  return pickle.finish();
}

/** Whether bytes are meant as JSON: no pickle starts with `[` or `{`, which are no opcodes. */
function isJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  return first === 0x5b || first === 0x7b;
}

function parseJson(bytes: Uint8Array, origin: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new InvalidInputError('the JSON of labels', errorMessage(error), 'JSON', origin, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { names, labels, ...rest } = value as Record<string, unknown>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new InvalidInputError('a key', unknown, 'names and labels', origin);
  return names === undefined || names === null ? labels : [names, labels];
}

/** The two lists of a pair, the names first, whatever their order was; null where it is no pair of lists. */
function pairOf(root: unknown): readonly [readonly unknown[], readonly unknown[]] | null {
  const parts = listOf(root);
  if (parts?.length !== 2) return null;
  const [first, second] = parts.map(listOf);
  if (!first || !second) return null;
  const firstIsNames = first.length > 0 ? textOf(first[0]) !== null : textOf(second[0]) === null;
  return firstIsNames ? [first, second] : [second, first];
}

function listOf(value: unknown): readonly unknown[] | null {
  if (value instanceof NumpyArray) return value.elements;
  return Array.isArray(value) ? value : null;
}

function namesOf(values: readonly unknown[], origin: string): string[] {
  return values.map((value, i) => {
    const name = textOf(value);
    if (name === null) throw new InvalidInputError(`the name of sample ${i}`, kindOf(value), 'a text', origin);
    return name;
  });
}

function labelsOf(values: readonly unknown[], origin: string): Int32Array {
  return Int32Array.from(values, (value, i) => checkedLabel(value, i, origin));
}

/** @throws InvalidInputError where a label is no whole number of 0 or more, or does not fit 32 bits */
export function checkedLabel(value: unknown, sample: number, origin: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LARGEST_LABEL) return value;
  throw new InvalidInputError(`the label of sample ${sample}`, kindOf(value), 'a whole number, 0 or more', origin);
}
