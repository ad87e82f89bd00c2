import { BufferReader, Parser } from 'pickleparser';
import { errorMessage, InvalidInputError } from './errors.js';

/** What a pickle may refer to. Both throw an InvalidInputError for anything that does not belong there. */
export interface PickleNames {
  /** The function that stands for a class or function of Python's. */
  resolveName(module: string, name: string): (...args: unknown[]) => unknown;
  /** The object that a persistent id stands for. */
  resolvePersistentId(id: unknown): unknown;
}

/**
 * Parses a pickle of protocol 0 to 5 and never runs it: dictionaries become Maps, lists and tuples arrays, and every
 * class and function is what `names` makes of it.
 *
 * The values are as the pickle has them: they may hold each other and be of any depth.
 *
 * @param thing what the pickle is, for the error
 * @param longest bytes; a short pickle cannot ask for much memory or time
 * @throws InvalidInputError naming the file where the pickle is damaged, too long, or refers to anything else
 */
export function parsePickle(
  bytes: Uint8Array,
  names: PickleNames,
  thing: string,
  longest: number,
  origin: string,
): unknown {
  if (bytes.length > longest) {
    throw new InvalidInputError(`the length of ${thing}`, bytes.length, `at most ${longest} bytes`, origin);
  }
  const parser = new Parser({
    unpicklingTypeOfDictionary: 'Map',
    nameResolver: { resolve: names.resolveName },
    persistentResolver: { resolve: names.resolvePersistentId },
  });
  try {
    return parser.read(new ForwardReader(bytes));
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw new InvalidInputError(thing, errorMessage(error), 'an undamaged pickle', origin, { cause: error });
  }
}

const LONG4 = 0x8b;

/** Reads forward only: a negative length would take the parser back to what it has read, for ever. */
class ForwardReader extends BufferReader {
  override skip(length: number): void {
    if (!(length >= 0)) throw new Error(`a length of ${length} bytes`);
    super.skip(length);
  }

  override uint32(): number {
    if (this.position > 0) {
      super.skip(-1);
      if (this.byte() === LONG4) throw new Error('a number of more than 255 bytes');
    }
    return super.uint32();
  }

  override uint64(): number {
    const low = super.uint32();
    const number = low + 2 ** 32 * super.uint32();
    if (!Number.isSafeInteger(number)) throw new Error(`a length of ${number} bytes`);
    return number;
  }
}
