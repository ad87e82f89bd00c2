import { createHash } from 'node:crypto';
import { InvalidInputError } from './errors.js';
import { jsonText, parseJson } from './json.js';

/** The key that holds the SHA-256 of the rest. */
const SEAL = 'sha256';

/** An object as JSON that carries the SHA-256 of itself, so that a damaged file is not read as other numbers. */
export function sealedJsonText(value: Readonly<Record<string, unknown>>): string {
  // As it will be parsed: without what is undefined, with keys in the order that the parser gives them.
  const parsed = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
  return jsonText({ ...parsed, [SEAL]: sealOf(parsed) });
}

/**
 * The object in a file that `sealedJsonText` wrote, without its seal; who changed it by hand has taken the seal out.
 *
 * @param thing what the file is
 * @param origin the file
 * @throws InvalidInputError naming the file where it is no JSON object, or was changed
 */
export function parseSealedJson(bytes: Buffer, thing: string, origin: string): Record<string, unknown> {
  const value = parseJson(bytes.toString('utf8'), thing, origin);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidInputError(thing, value, 'a JSON object', origin);
  }
  const { [SEAL]: stated, ...rest } = value as Record<string, unknown>;
  const found = sealOf(rest);
  if (stated !== undefined && stated !== found) {
    throw new InvalidInputError(SEAL, stated, `${found}, that of the other keys: the file was changed`, origin);
  }
  return rest;
}

function sealOf(value: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
