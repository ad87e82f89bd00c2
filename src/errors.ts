/** An error that tells its reader all there is to know: a command prints its message alone, in one line. */
export class ExpectedError extends Error {
  override readonly name: string = 'ExpectedError';
}

/**
 * The error of every input that this package refuses: an option, a parameter, a file, a message, an array.
 *
 * The message always names the thing, the value that it had, what was expected instead and where the value came from
 * (a file, a ROS parameter, a command-line flag, an argument), so that its reader knows what to change and where.
 */
export class InvalidInputError extends ExpectedError {
  override readonly name = 'InvalidInputError';
  /** What was wrong: the name of an option, a field, an array. */
  readonly thing: string;
  /** What would have been accepted. */
  readonly expected: string;
  /** Where the value came from. */
  readonly origin: string;

  constructor(thing: string, value: unknown, expected: string, origin: string, options?: ErrorOptions) {
    super(`${thing} is ${describeValue(value)}, expected ${expected} (from ${origin})`, options);
    this.thing = thing;
    this.expected = expected;
    this.origin = origin;
  }
}

const LONGEST_VALUE = 120;

/** Writes a value as short text for an error message: strings quoted, objects as JSON, all cut at 120 characters. */
export function describeValue(value: unknown): string {
  let text: string;
  if (value === undefined) text = 'missing';
  else if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') text = String(value);
  else if (typeof value === 'function' || typeof value === 'symbol') text = typeof value;
  else text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text;
}

/** The message of anything thrown, for logs: an Error's message, anything else as text. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error for a log: what an input lacks in its own words, anything else (ours to find) with its stack. */
export function describeError(error: unknown): string {
  if (error instanceof ExpectedError || !(error instanceof Error)) return errorMessage(error);
  return error.stack ?? error.message;
}
