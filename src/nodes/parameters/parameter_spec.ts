import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import { parseOptions } from '../../options.js';

/** The types that parameters have in ROS, by the names that its documentation uses. */
export type ParameterType = 'string' | 'integer' | 'double' | 'bool';

/** When a parameter can be changed: at any time, while the node is not active, or only by starting the node with it. */
export type Changeable = 'always' | 'unless active' | 'never';

/** What a number may be. */
export type NumberRange = readonly [low: number, high: number, step?: number];

/** A parameter of a node. */
export interface ParameterSpec<Value extends string | number | boolean> {
  readonly type: ParameterType;
  readonly description: string;
  readonly defaultValue: Value;
  /** What values are allowed. */
  readonly schema: z.ZodType<Value>;
  /** The limits of a number, both allowed, and of an integer what it must be low plus a multiple of, where not 1. */
  readonly range?: NumberRange;
  readonly changeable: Changeable;
  /** Where the documentation says more, from its folder docs. */
  readonly more: string | undefined;
}

/** Parameters by name. */
export type ParameterSpecs = Readonly<
  Record<string, ParameterSpec<string> | ParameterSpec<number> | ParameterSpec<boolean>>
>;

/** The values of parameters by name. */
export type ParameterValues<Specs extends ParameterSpecs> = {
  -readonly [Name in keyof Specs]: Specs[Name] extends ParameterSpec<infer Value> ? Value : never;
};

/** What a parameter may have beside its value. */
export interface SpecOptions {
  /** `always` by default. */
  readonly changeable?: Changeable;
  readonly more?: string;
}

/** A parameter that is an integer from low to high, in steps. */
export function integerParameter(
  defaultValue: number,
  [low, high, step = 1]: NumberRange,
  description: string,
  options: SpecOptions = {},
): ParameterSpec<number> {
  const integer = `an integer from ${low} to ${high}${step === 1 ? '' : ` in steps of ${step}`}`;
  const inRange = z.number(integer).int(integer).min(low, integer).max(high, integer);
  const schema = inRange.refine((value) => (value - low) % step === 0, integer);
  return spec('integer', defaultValue, schema, description, options, [low, high, step]);
}

/** A parameter that is a number from low to high; ROS's integers are taken too. */
export function decimalParameter(
  defaultValue: number,
  [low, high]: NumberRange,
  description: string,
  options: SpecOptions = {},
): ParameterSpec<number> {
  const number = `a number from ${low} to ${high}`;
  const schema = z.number(number).min(low, number).max(high, number);
  return spec('double', defaultValue, schema, description, options, [low, high]);
}

/** A parameter that is true or false. */
export function booleanParameter(
  defaultValue: boolean,
  description: string,
  options: SpecOptions = {},
): ParameterSpec<boolean> {
  return spec('bool', defaultValue, z.boolean('true or false'), description, options);
}

/** A parameter that is one of a few words. */
export function choiceParameter<const Word extends string>(
  defaultValue: NoInfer<Word>,
  words: readonly Word[],
  description: string,
  options: SpecOptions = {},
): ParameterSpec<Word> {
  const schema = z.enum(words, `one of ${words.join(', ')}`);
  return spec<Word>('string', defaultValue, schema, `${description} One of: ${words.join(', ')}.`, options);
}

/** A parameter that is a text which is not empty. */
export function textParameter(
  defaultValue: string,
  description: string,
  options: SpecOptions = {},
): ParameterSpec<string> {
  const text = 'a text that is not empty';
  return spec('string', defaultValue, z.string(text).min(1, text), description, options);
}

/** A parameter that is the name of a topic. */
export function topicParameter(
  defaultValue: string,
  description: string,
  options: SpecOptions = {},
): ParameterSpec<string> {
  const topic = 'the name of a topic: words of letters, digits and _ that begin with no digit, between slashes';
  const schema = z.string(topic).regex(/^(?:~?\/)?[A-Za-z_]\w*(?:\/[A-Za-z_]\w*)*$/, topic);
  return spec('string', defaultValue, schema, description, options);
}

function spec<Value extends string | number | boolean>(
  type: ParameterType,
  defaultValue: Value,
  schema: z.ZodType<Value>,
  description: string,
  { changeable = 'always', more }: SpecOptions,
  range?: NumberRange,
): ParameterSpec<Value> {
  return { type, defaultValue, schema, description, changeable, more, ...(range ? { range } : {}) };
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
