import type { z } from 'zod';
import { InvalidInputError } from './errors.js';

/**
 * Validates options, a recipe or metadata once, where they enter.
 *
 * Schemas are `z.strictObject`s, so an unknown key is refused like a wrong value.
 *
 * @param schema what is allowed, and the defaults of what is left out
 * @param value what came in
 * @param origin where it came from (a file's path, 'the constructor', 'the command line'), for the error
 * @returns the value with its defaults filled in
 * @throws InvalidInputError naming the first offending key, its value and what was expected
 */
export function parseOptions<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  origin: string,
): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const path = issue.path.join('.') || 'the value';
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    const owner = issue.path.length > 0 ? `${issue.path.join('.')}.` : '';
    const input = issue.input as Record<string, unknown> | undefined;
    throw new InvalidInputError(`unknown option ${owner}${key}`, input?.[key], 'a known option', origin);
  }
  throw new InvalidInputError(path, issue.input, expectation(issue), origin);
}

/** Words what an issue of zod's wanted, without its own "Invalid input:" prefix. */
function expectation(issue: z.core.$ZodIssue): string {
  const words = issue.message.replace(/^(Invalid (input|option)|Too (small|big)): expected /, '');
  return words.replace(/, received .*$/, '');
}
