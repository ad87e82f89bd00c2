import { InvalidInputError } from '../../errors.js';

/** In the control byte of a number: how many bytes follow, and its sign. The other bits are 0. */
const SIZE_BITS = 0x0f;
const NEGATIVE_BIT = 0x80;
const UNUSED_BITS = 0x70;
/** Bytes of the longest mantissa and the longest exponent, an int64 and an int16. */
const MANTISSA_BYTES = 8;
const EXPONENT_BYTES = 2;
/** Exponents from here on stand for infinities and for what is not a number. */
const NOT_FINITE = 32000;
/** 2 ** exponent for the exponents that numbers of single precision have. */
const SMALLEST_EXPONENT = -200;
const POWERS = Float64Array.from({ length: 400 }, (_, index) => 2 ** (SMALLEST_EXPONENT + index));

/**
 * Reads numbers as dlib serializes them. A whole number is a control byte (how many bytes follow, and the sign), then the
 * bytes of its absolute value, the lowest first. A floating-point number is two whole ones, a mantissa and an exponent to
 * the base of 2.
 */
export class DlibReader {
  readonly #bytes: Uint8Array;
  readonly #origin: string;
  #at = 0;

  /** @param origin the file's name, for errors */
  constructor(bytes: Uint8Array, origin: string) {
    this.#bytes = bytes;
    this.#origin = origin;
  }

  /** Bytes that have not been read yet. */
  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** The error of a thing that has just been read. */
  error(thing: string, value: unknown, expected: string): InvalidInputError {
    return new InvalidInputError(`${thing} (before byte ${this.#at})`, value, expected, this.#origin);
  }

  /**
   * A whole number from low to high, both allowed.
   *
   * @throws InvalidInputError naming the file and the thing
   */
  integer(thing: string, low: number, high: number): number {
    const bytes = this.#bytes;
    const start = this.#at;
    const control = bytes[start] ?? 0;
    const size = control & SIZE_BITS;
    if (size === 0 || size > MANTISSA_BYTES || (control & UNUSED_BITS) !== 0 || start + size >= bytes.length) {
      throw this.#noNumber(thing, start);
    }
    let value = 0;
    for (let at = start + size; at > start; at--) value = value * 256 + bytes[at]!;
    this.#at = start + size + 1;
    if (control & NEGATIVE_BIT) value = -value;
    if (!(value >= low && value <= high)) {
      throw this.error(thing, value, low === high ? String(low) : `a whole number from ${low} to ${high}`);
    }
    return value;
  }

  /**
   * Reads floating-point numbers of single precision into a target.
   *
   * @param largest their absolute values at most
   * @throws InvalidInputError naming the file and the thing
   */
  floats(thing: string, target: Float32Array, start: number, count: number, largest: number): void {
    const bytes = this.#bytes;
    const length = bytes.length;
    let at = this.#at;
    for (let index = start; index < start + count; index++) {
      const first = at;
      // The four bytes of the shortest number, so that those below are there.
      if (at + 4 > length) throw this.#noNumber(thing, first);
      const control = bytes[at]!;
      const size = control & SIZE_BITS;
      let mantissa: number;
      if (size === 3) {
        mantissa = bytes[at + 1]! | (bytes[at + 2]! << 8) | (bytes[at + 3]! << 16);
      } else {
        if (size === 0 || size > MANTISSA_BYTES) throw this.#noNumber(thing, first);
        mantissa = 0;
        for (let byte = at + size; byte > at; byte--) mantissa = mantissa * 256 + bytes[byte]!;
      }
      at += size + 1;
      if (at + 2 > length) throw this.#noNumber(thing, first);
      const exponentControl = bytes[at]!;
      const exponentSize = exponentControl & SIZE_BITS;
      let exponent = bytes[at + 1]!;
      if (exponentSize !== 1) {
        if (exponentSize !== EXPONENT_BYTES || at + 3 > length) throw this.#noNumber(thing, first);
        exponent |= bytes[at + 2]! << 8;
      }
      at += exponentSize + 1;
      if (((control | exponentControl) & UNUSED_BITS) !== 0) throw this.#noNumber(thing, first);
      if (exponentControl & NEGATIVE_BIT) exponent = -exponent;
      // An exponent that the table lacks gives NaN, which is refused like what is too large.
      const power = exponent >= NOT_FINITE ? Infinity : POWERS[exponent - SMALLEST_EXPONENT]!;
      const value = Math.fround(mantissa) * power;
      if (!(value <= largest)) {
        this.#at = at;
        throw this.error(thing, control & NEGATIVE_BIT ? -value : value, `a number from ${-largest} to ${largest}`);
      }
      target[index] = control & NEGATIVE_BIT ? -value : value;
    }
    this.#at = at;
  }

  /** @throws InvalidInputError where bytes are left */
  end(thing: string): void {
    if (this.remaining > 0) throw this.error(`what follows ${thing}`, `${this.remaining} bytes`, 'the end of the file');
  }

  #noNumber(thing: string, at: number): InvalidInputError {
    const bytes = Buffer.from(this.#bytes.subarray(at, at + 4)).toString('hex');
    const value = bytes === '' ? 'the end of the file' : `bytes ${bytes}`;
    return new InvalidInputError(`${thing} (byte ${at})`, value, 'a number as dlib serializes it', this.#origin);
  }
}
