/**
 * Arrays of one length that are used again and again, each by one at a time: an engine reads its input while others may be
 * filling theirs.
 */
export class ReusedArrays {
  readonly #free: Float32Array[] = [];

  /** @param length of each array */
  constructor(private readonly length: number) {}

  /** Lends an array with any contents to some work, until its promise is settled. */
  async lend<Result>(work: (array: Float32Array) => Promise<Result>): Promise<Result> {
    const array = this.#free.pop() ?? new Float32Array(this.length);
    try {
      return await work(array);
    } finally {
      this.#free.push(array);
    }
  }
}
