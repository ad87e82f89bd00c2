import { errorMessage, InvalidInputError } from './errors.js';

/**
 * The value of a JSON text.
 *
 * @param thing what the text is
 * @param origin where it came from
 * @throws InvalidInputError naming both where it is no JSON
 */
export function parseJson(text: string, thing: string, origin: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidInputError(thing, errorMessage(error), 'JSON', origin, { cause: error });
  }
}

/** A value as indented JSON, each list of numbers or words on one line: a row of weights is a line, not hundreds. */
export function jsonText(value: unknown): string {
  const flat = (_: string, items: string) => `[${items.replaceAll(/\n\s*/g, ' ')}]`;
  return `${JSON.stringify(value, null, 2).replaceAll(/\[\n\s*([^[\]{}]*?)\n\s*\]/g, flat)}\n`;
}
