import type { Readable } from 'node:stream';

/** Cuts a stream into pieces of given lengths, reading no further than the piece that is asked for. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** What of the last chunk belongs to later pieces. */
  #rest: Uint8Array = new Uint8Array(0);

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /**
   * @param byteLength how many bytes
   * @returns the next bytes, in an array of their own; undefined where the stream ends before there are so many
   */
  async read(byteLength: number): Promise<Uint8Array | undefined> {
    const piece = new Uint8Array(byteLength);
    let filled = 0;
    while (filled < byteLength) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done) return undefined;
        this.#rest = next.value;
      }
      const taken = this.#rest.subarray(0, byteLength - filled);
      piece.set(taken, filled);
      filled += taken.length;
      this.#rest = this.#rest.subarray(taken.length);
    }
    return piece;
  }
}
