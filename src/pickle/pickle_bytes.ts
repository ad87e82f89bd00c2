import { InvalidInputError } from '../errors.js';

/** Numbers written out are shorter; what is longer is damaged, and slow to convert. */
const LONGEST_NUMBER = 40;
/** Whole numbers of 16 bytes hold all that NumPy and PyTorch write. */
const LONGEST_INTEGER_BYTES = 16;

/** Reads the arguments of a pickle's opcodes, never past the end of its bytes. */
export class PickleBytes {
  private position = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly origin: string,
  ) {}

  /** The next byte. */
  byte(): number {
    return this.take(1)[0]!;
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Uint8Array {
    const left = this.bytes.length - this.position;
    if (length > left) {
      throw this.refusal('the pickle', `${left} bytes before its end`, `${length} more bytes, as it promises`);
    }
    this.position += length;
    return this.bytes.subarray(this.position - length, this.position);
  }

  /** An unsigned number of 1, 2, 4 or 8 bytes, little-endian: what counts bytes is checked by `take`. */
  unsigned(size: 1 | 2 | 4 | 8): number {
    let value = 0;
    for (const [i, byte] of this.take(size).entries()) value += byte * 256 ** i;
    return value;
  }

  int32(): number {
    return this.unsigned(4) | 0;
  }

  float64(): number {
    return Buffer.from(this.take(8)).readDoubleBE();
  }

  /** A whole number in two's complement, little-endian. */
  integer(size: number): number | bigint {
    if (size > LONGEST_INTEGER_BYTES) {
      throw this.refusal('a whole number', `${size} bytes long`, `at most ${LONGEST_INTEGER_BYTES} bytes`);
    }
    let value = 0n;
    for (const [i, byte] of this.take(size).entries()) value |= BigInt(byte) << BigInt(8 * i);
    return narrowed(BigInt.asIntN(8 * size, value));
  }

  /** The bytes up to the next line feed, which is skipped. */
  line(): Uint8Array {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw this.refusal('the pickle', 'a line without an end', 'a line feed');
    const line = this.take(end - this.position);
    this.position++;
    return line;
  }

  /** A whole number written out, with an L behind it from Python 2. */
  decimal(line = this.line()): number | bigint {
    const text = this.numberText(line);
    if (!/^[+-]?\d+L?$/.test(text)) throw this.refusal('a whole number', text, 'decimal digits');
    return narrowed(BigInt(text.replace(/^\+|L$/g, '')));
  }

  /** A number written out as Python's repr does. */
  float(): number {
    const text = this.numberText(this.line());
    const value = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY }[text];
    if (value !== undefined) return value;
    if (!/^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(text)) throw this.refusal('a number', text, 'decimal digits');
    return Number(text);
  }

  /** UTF-8. */
  text(bytes: Uint8Array): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (error) {
      throw this.refusal('a text in the pickle', Buffer.from(bytes).toString('latin1'), 'UTF-8', error);
    }
  }

  refusal(thing: string, value: unknown, expected: string, cause?: unknown): InvalidInputError {
    return new InvalidInputError(thing, value, expected, this.origin, { cause });
  }

  private numberText(line: Uint8Array): string {
    if (line.length > LONGEST_NUMBER) {
      throw this.refusal('a number', `${line.length} characters long`, `at most ${LONGEST_NUMBER} characters`);
    }
    return Buffer.from(line).toString('latin1');
  }
}

function narrowed(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

const ESCAPES: Record<string, number> = { n: 10, r: 13, t: 9, b: 8, f: 12, v: 11, a: 7, '\\': 92, "'": 39, '"': 34 };

/** The bytes of a str of Python 2 as its repr writes it: quoted, with backslash escapes. Null where it is not quoted. */
export function unquoted(line: Uint8Array): Uint8Array | null {
  const text = Buffer.from(line).toString('latin1').trim();
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || !text.endsWith(quote)) return null;
  const unescaped = text
    .slice(1, -1)
    .replace(
      /\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([nrtbfva\\'"]))/g,
      (_, hex?: string, octal?: string, name?: string) =>
        String.fromCharCode(
          hex !== undefined
            ? Number.parseInt(hex, 16)
            : octal !== undefined
              ? Number.parseInt(octal, 8) & 255
              : ESCAPES[name!]!,
        ),
    );
  return Buffer.from(unescaped, 'latin1');
}

/** A text of protocol 0 ("raw-unicode-escape"): Latin-1, with \\u and \\U for the rest. Null where a code is none. */
export function rawUnicode(line: Uint8Array): string | null {
  let valid = true;
  const text = Buffer.from(line)
    .toString('latin1')
    .replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g, (_, short?: string, long?: string) => {
      const code = Number.parseInt(short ?? long!, 16);
      valid &&= code <= 0x10ffff;
      return valid ? String.fromCodePoint(code) : '';
    });
  return valid ? text : null;
}
