/** Publishers that are remembered at most: those that come and go shall not fill the memory. */
const MOST_PUBLISHERS = 64;

/**
 * Counts the images of a subscription that were published and never arrived: in the numbers that each publisher gives its
 * messages, they are left out. What a publisher sent before its first image that arrived is not known of.
 */
export class LostImages {
  /** The newest number of each publisher, the one that was heard of last at the end. */
  readonly #newest = new Map<string, bigint>();
  #count = 0;

  /** How many were lost so far. */
  get count(): number {
    return this.#count;
  }

  /**
   * An image has arrived.
   *
   * @param publisher what tells it from all others
   * @param sequence its number of the image: 1, 2, ...; below that where the middleware gives none
   */
  arrived(publisher: string, sequence: bigint): void {
    if (sequence < 1n) return;
    const newest = this.#newest.get(publisher) ?? sequence;
    if (sequence > newest) this.#count += Number(sequence - newest) - 1;
    // It comes late, and was taken for lost.
    if (sequence < newest) this.#count--;
    this.#newest.delete(publisher);
    this.#newest.set(publisher, sequence > newest ? sequence : newest);
    if (this.#newest.size > MOST_PUBLISHERS) this.#newest.delete(this.#newest.keys().next().value!);
  }
}
