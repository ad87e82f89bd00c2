import { basename, dirname } from 'node:path';
import { InvalidArgumentError } from 'commander';

/** Reads a whole number of at least `minimum` from the command line. */
export function wholeNumber(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < minimum)
      throw new InvalidArgumentError(`expected a whole number, ${minimum} or more`);
    return value;
  };
}

/** Splits DIR/NAME, as a model is named on the command line; a known ending of NAME is left out. */
export function modelPath(path: string): { directory: string; name: string } {
  return { directory: dirname(path), name: basename(path).replace(/\.(pt|json)$/, '') };
}
