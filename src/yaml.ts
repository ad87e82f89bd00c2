import { parse } from 'yaml';
import { errorMessage, InvalidInputError } from './errors.js';

/**
 * The value of a YAML text.
 *
 * @param thing what the text is
 * @param origin where it came from
 * @throws InvalidInputError naming both where it is no YAML
 */
export function parseYaml(text: string, thing: string, origin: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new InvalidInputError(thing, errorMessage(error), 'YAML', origin, { cause: error });
  }
}
