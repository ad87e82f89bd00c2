/** Something that went wrong. */
export interface Failure {
  /** For a person. */
  readonly message: string;
  /** By the record's clock, milliseconds. */
  readonly time: number;
}

/** What went wrong in a node, for its diagnostics. */
export class FailureRecord {
  /** Called when the node is stopped by what went wrong. */
  onStop: (() => void) | undefined;
  readonly #now: () => number;
  #count = 0;
  #last: Failure | undefined;
  #halt: string | undefined;
  #isOver = false;

  /** @param now a clock in milliseconds that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How often something went wrong since the node started. */
  get count(): number {
    return this.#count;
  }

  /** What went wrong last. */
  get last(): Failure | undefined {
    return this.#last;
  }

  /** Why the node cannot do what it is for; undefined where it can, or was not asked to since. */
  get halt(): string | undefined {
    return this.#halt;
  }

  /** Whether the node has done anew what it is for, since something went wrong the last time. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Since something went wrong the last time; Infinity where nothing did. */
  get secondsSince(): number {
    return this.#last === undefined ? Infinity : (this.#now() - this.#last.time) / 1000;
  }

  /** Something went wrong, and the node goes on. */
  note(message: string): void {
    this.#count++;
    this.#isOver = false;
    this.#last = { message, time: this.#now() };
  }

  /** Something went wrong, and the node cannot do what it is for until `resume`. */
  stop(message: string): void {
    this.note(message);
    this.#halt = message;
    this.onStop?.();
  }

  /** The node has been configured or activated anew. */
  resume(): void {
    this.#isOver = true;
    this.#halt = undefined;
  }
}
