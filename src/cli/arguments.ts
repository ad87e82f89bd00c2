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
