/** Numbers of the last seconds, such as what each image took. */
export class RecentNumbers {
  readonly #spanMilliseconds: number;
  readonly #now: () => number;
  #entries: { readonly time: number; readonly value: number }[] = [];
  /** Before it, all are too old. */
  #start = 0;

  /** @param now a clock in milliseconds that never goes back */
  constructor(spanSeconds: number, now: () => number = () => performance.now()) {
    this.#spanMilliseconds = spanSeconds * 1000;
    this.#now = now;
  }

  add(value: number): void {
    this.#forgetOld();
    this.#entries.push({ time: this.#now(), value });
  }

  /** Those that were added within the span, oldest first. */
  get values(): number[] {
    this.#forgetOld();
    return this.#entries.slice(this.#start).map(({ value }) => value);
  }

  #forgetOld(): void {
    const oldest = this.#now() - this.#spanMilliseconds;
    while (this.#start < this.#entries.length && this.#entries[this.#start]!.time < oldest) this.#start++;
    // Seldom, so that adding stays cheap.
    if (2 * this.#start <= this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#start);
    this.#start = 0;
  }
}
