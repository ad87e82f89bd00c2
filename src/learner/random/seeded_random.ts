/**
 * A repeatable source of randomness: Chris Doty-Humphrey's sfc32 (PractRand), seeded through SplitMix32 so that near
 * seeds give unrelated streams.
 */
export class SeededRandom {
  private readonly state = new Int32Array(4);
  private spareNormal: number | null = null;

  /** @param seed any whole number; @param stream tells apart the uses of one seed */
  constructor(seed: number, stream = 0) {
    let mixed = (seed ^ Math.imul(Math.floor(seed / 2 ** 32), 0x85ebca6b) ^ Math.imul(stream, 0xc2b2ae35)) | 0;
    for (let i = 0; i < 3; i++) {
      mixed = (mixed + 0x9e3779b9) | 0;
      let word = mixed ^ (mixed >>> 16);
      word = Math.imul(word, 0x21f0aaad);
      word ^= word >>> 15;
      word = Math.imul(word, 0x735a2d97);
      this.state[i] = word ^ (word >>> 15);
    }
    this.state[3] = 1;
    for (let i = 0; i < 12; i++) this.nextUint32();
  }

  /** A whole number, uniform in 0 .. 2^32 - 1. */
  nextUint32(): number {
    const state = this.state;
    const word = (state[0]! + state[1]! + state[3]!) | 0;
    state[3] = state[3]! + 1;
    state[0] = state[1]! ^ (state[1]! >>> 9);
    state[1] = state[2]! + (state[2]! << 3);
    state[2] = ((state[2]! << 21) | (state[2]! >>> 11)) + word;
    return word >>> 0;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.nextUint32() / 2 ** 32;
  }

  /** A whole number, uniform in 0 .. count - 1. */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** Standard normal, by Marsaglia's polar method. */
  normal(): number {
    if (this.spareNormal !== null) {
      const spare = this.spareNormal;
      this.spareNormal = null;
      return spare;
    }
    for (;;) {
      const a = 2 * this.uniform() - 1;
      const b = 2 * this.uniform() - 1;
      const square = a * a + b * b;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.spareNormal = b * factor;
      return a * factor;
    }
  }

  /** Exchanges the items into a random order (Fisher and Yates), in place. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
    return items;
  }

  /**
   * Fills `mask` with 1 (keep) and 0 (drop); each element is dropped with probability `rate` (0 to 1, exclusive), to
   * within 2^-24.
   *
   * Dropout masks are the bulk of all randomness here, so that four elements come out of each random word, by operations
   * on its four bytes at once: a byte below the first eight bits of the rate drops, one above them keeps. One that equals
   * them, which one in 256 does, is decided by sixteen bits more. The generator's state lives in locals.
   */
  fillKeepMask(mask: Uint8Array, rate: number): void {
    const whole = mask.length & ~3;
    const words = mask.byteOffset % 4 === 0 ? new Uint32Array(mask.buffer, mask.byteOffset, whole / 4) : null;
    if (words === null || whole !== mask.length) {
      const padded = new Uint8Array((mask.length + 3) & ~3);
      this.fillKeepWords(new Uint32Array(padded.buffer), rate);
      mask.set(padded.subarray(0, mask.length));
    } else this.fillKeepWords(words, rate);
  }

  private fillKeepWords(words: Uint32Array, rate: number): void {
    const threshold = Math.floor(rate * 256);
    const tieThreshold = Math.round((rate * 256 - threshold) * 65536);
    const thresholds = Math.imul(threshold, EACH_BYTE);
    // Added to a byte's low seven bits, this carries into its top bit where they reach the threshold's.
    const carry = Math.imul(128 - (threshold & 127), EACH_BYTE);
    const needsTopBit = threshold >= 128;
    const state = this.state;
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let counter = state[3]!;
    for (let i = 0; i < words.length; i++) {
      const word = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + word) | 0;
      const reached = ((word & LOW_SEVEN_BITS) + carry) | 0;
      words[i] = ((needsTopBit ? reached & word : reached | word) >>> 7) & EACH_BYTE;
      const difference = word ^ thresholds;
      if ((((difference - EACH_BYTE) | 0) & ~difference & TOP_BITS) !== 0) {
        this.setState(a, b, c, counter);
        words[i] = words[i]! & ~this.dropsAmongTies(difference, tieThreshold);
        a = state[0]!;
        b = state[1]!;
        c = state[2]!;
        counter = state[3]!;
      }
    }
    this.setState(a, b, c, counter);
  }

  /** A 1 in each byte that is 0 in `difference` and falls below `threshold` (of 65536) in a word of its own. */
  private dropsAmongTies(difference: number, threshold: number): number {
    let drops = 0;
    for (let shift = 0; shift < 32; shift += 8) {
      const tied = ((difference >>> shift) & 255) === 0;
      if (tied && this.nextUint32() >>> 16 < threshold) drops |= 1 << shift;
    }
    return drops;
  }

  private setState(a: number, b: number, c: number, counter: number): void {
    this.state[0] = a;
    this.state[1] = b;
    this.state[2] = c;
    this.state[3] = counter;
  }
}

/** A 1 in each of a word's four bytes, and other bits of theirs. */
const EACH_BYTE = 0x01010101;
const LOW_SEVEN_BITS = 0x7f7f7f7f;
const TOP_BITS = 0x80808080 | 0;
