import { InvalidArgumentError } from 'commander';

/** Reads a whole number of at least `minimum`, and at most `maximum`, from the command line. */
export function wholeNumber(minimum: number, maximum = Infinity): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < minimum || value > maximum) {
      const range = maximum === Infinity ? `${minimum} or more` : `${minimum} to ${maximum}`;
      throw new InvalidArgumentError(`expected a whole number, ${range}`);
    }
    return value;
  };
}

/** Reads a number between `low` and `high` (both excluded) from the command line. */
export function fraction(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value > low && value < high)) throw new InvalidArgumentError(`expected a number between ${low} and ${high}`);
    return value;
  };
}

/** Reads whole numbers, separated by commas, from the command line. */
export function wholeNumbers(minimum: number): (text: string) => number[] {
  return (text) => text.split(',').map(wholeNumber(minimum));
}

/** Reads a number above 0 from the command line. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('expected a number above 0');
  return value;
}

/** Reads a number of 0 or more from the command line. */
export function numberFromZero(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError('expected a number, 0 or more');
  }
  return value;
}

/** Reads numbers of 0 or more, separated by commas, from the command line. */
export function numbersFromZero(text: string): number[] {
  return text.split(',').map(numberFromZero);
}
