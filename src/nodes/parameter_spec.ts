import { z } from 'zod';
import { InvalidInputError } from '../errors.js';
import { parseOptions } from '../options.js';

/** A parameter of a node. */
export interface ParameterSpec<Value extends string | number | boolean> {
  readonly description: string;
  readonly defaultValue: Value;
  /** What values are allowed. */
  readonly schema: z.ZodType<Value>;
  /** The limits of an integer, both allowed. */
  readonly range?: readonly [low: number, high: number];
  /** Whether it is read once, when the node starts. */
  readonly readOnly: boolean;
}

/** Parameters by name. */
export type ParameterSpecs = Readonly<
  Record<string, ParameterSpec<string> | ParameterSpec<number> | ParameterSpec<boolean>>
>;

/** The values of parameters by name. */
export type ParameterValues<Specs extends ParameterSpecs> = {
  -readonly [Name in keyof Specs]: Specs[Name] extends ParameterSpec<infer Value> ? Value : never;
};

interface SpecOptions {
  readonly readOnly?: boolean;
}

/** A parameter that is an integer from low to high. */
export function integerParameter(
  defaultValue: number,
  [low, high]: readonly [number, number],
  description: string,
  { readOnly = false }: SpecOptions = {},
): ParameterSpec<number> {
  const integer = `an integer from ${low} to ${high}`;
  const schema = z.number(integer).int(integer).min(low, integer).max(high, integer);
  return { description, defaultValue, schema, range: [low, high], readOnly };
}

/** A parameter that is true or false. */
export function booleanParameter(
  defaultValue: boolean,
  description: string,
  { readOnly = false }: SpecOptions = {},
): ParameterSpec<boolean> {
  return { description, defaultValue, schema: z.boolean('true or false'), readOnly };
}

/** A parameter that is one of a few words. */
export function choiceParameter<const Word extends string>(
  defaultValue: NoInfer<Word>,
  words: readonly Word[],
  description: string,
  { readOnly = false }: SpecOptions = {},
): ParameterSpec<Word> {
  const schema = z.enum(words, `one of ${words.join(', ')}`);
  return { description: `${description} One of: ${words.join(', ')}.`, defaultValue, schema, readOnly };
}

/** A parameter that is a text which is not empty. */
export function textParameter(
  defaultValue: string,
  description: string,
  { readOnly = false }: SpecOptions = {},
): ParameterSpec<string> {
  const text = 'a text that is not empty';
  return { description, defaultValue, schema: z.string(text).min(1, text), readOnly };
}

/**
 * Checks one parameter's value.
 *
 * @param value as ROS gives it: a bigint where it is an integer
 * @param origin where it came from, for the error
 * @throws InvalidInputError naming the parameter, its value and what is allowed
 */
export function checkParameter(
  specs: ParameterSpecs,
  name: string,
  value: unknown,
  origin: string,
): string | number | boolean {
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (!spec) throw new InvalidInputError(name, value, `a parameter: ${Object.keys(specs).join(', ')}`, origin);
  const plain = typeof value === 'bigint' ? Number(value) : value;
  return parseOptions(
    z.strictObject({ [name]: spec.schema as z.ZodType<string | number | boolean> }),
    { [name]: plain },
    origin,
  )[name]!;
}
