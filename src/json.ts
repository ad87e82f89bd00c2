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
