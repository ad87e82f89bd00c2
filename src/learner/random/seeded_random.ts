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
   * Fills `mask` with 1 (keep) and 0 (drop); each element is dropped with probability `rate`, to within 2^-17.
   * Two elements come out of each random word, and the generator's state lives in locals: dropout masks are the bulk of
   * all randomness here.
   */
  fillKeepMask(mask: Uint8Array, rate: number): void {
    const threshold = Math.round(rate * 65536);
    const state = this.state;
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let counter = state[3]!;
    for (let i = 0; i < mask.length; i += 2) {
      const word = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + word) | 0;
      mask[i] = (word & 0xffff) >= threshold ? 1 : 0;
      // The last element of an odd length has no partner; a typed array ignores a write past its end.
      mask[i + 1] = word >>> 16 >= threshold ? 1 : 0;
    }
    state[0] = a;
    state[1] = b;
    state[2] = c;
    state[3] = counter;
  }
}
