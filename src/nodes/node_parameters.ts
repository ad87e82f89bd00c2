import type { Node, Parameter } from 'rclnodejs';
import rclnodejs from 'rclnodejs';
import { z } from 'zod';
import { errorMessage, InvalidInputError } from '../errors.js';
import { parseOptions } from '../options.js';

// rcl_interfaces/msg/ParameterType; rclnodejs' own names are a const enum, which separate compilation cannot read.
const PARAMETER_INTEGER = 2;
const PARAMETER_STRING = 4;

/** A parameter of a node. */
export interface ParameterSpec<Value extends string | number> {
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
export type ParameterSpecs = Readonly<Record<string, ParameterSpec<string> | ParameterSpec<number>>>;

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
export function checkParameter(specs: ParameterSpecs, name: string, value: unknown, origin: string): string | number {
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (!spec) throw new InvalidInputError(name, value, `a parameter: ${Object.keys(specs).join(', ')}`, origin);
  const plain = typeof value === 'bigint' ? Number(value) : value;
  return parseOptions(z.strictObject({ [name]: spec.schema as z.ZodType<string | number> }), { [name]: plain }, origin)[
    name
  ]!;
}

/**
 * Declares a node's parameters, with descriptions and ranges, and reads them.
 *
 * @param onChange called with all values when one that is not read-only has changed
 * @returns the values that the node was started with
 * @throws InvalidInputError when it was started with a value that is not allowed
 */
export function declareParameters<Specs extends ParameterSpecs>(
  node: Node,
  specs: Specs,
  onChange: (values: ParameterValues<Specs>) => void,
): ParameterValues<Specs> {
  const values: Record<string, string | number> = {};
  const overrides = new Map(node.getParameterOverrides().map(({ name, value }) => [name, value as unknown]));
  const path = node.getFullyQualifiedName();
  for (const [name, spec] of Object.entries(specs)) {
    const given = overrides.has(name) ? overrides.get(name) : spec.defaultValue;
    values[name] = checkParameter(specs, name, given, `the parameters given to ${path}`);
  }
  for (const [name, spec] of Object.entries(specs)) {
    const type = spec.range ? PARAMETER_INTEGER : PARAMETER_STRING;
    node.declareParameter(new rclnodejs.Parameter(name, type, values[name]), describe(name, type, spec));
  }
  node.addOnSetParametersCallback((parameters: Parameter[]) => {
    try {
      const checked = parameters
        .filter(({ name }) => Object.hasOwn(specs, name))
        .map(
          ({ name, value }) => [name, checkParameter(specs, name, value, `setting a parameter of ${path}`)] as const,
        );
      if (checked.length > 0) {
        Object.assign(values, Object.fromEntries(checked));
        onChange({ ...values } as ParameterValues<Specs>);
      }
      return { successful: true, reason: '' };
    } catch (error) {
      return { successful: false, reason: errorMessage(error) };
    }
  });
  return { ...values } as ParameterValues<Specs>;
}

/** Parameters that a node was started with and that it does not have: misspelt ones, likely. */
export function unknownParameters(node: Node, specs: ParameterSpecs): string[] {
  const known = (name: string) => Object.hasOwn(specs, name) || node.hasParameter(name) || name.includes('.');
  return node
    .getParameterOverrides()
    .map(({ name }) => name)
    .filter((name) => name !== 'use_sim_time' && !known(name));
}

function describe(name: string, type: number, spec: ParameterSpecs[string]) {
  const range = spec.range ? new rclnodejs.IntegerRange(BigInt(spec.range[0]), BigInt(spec.range[1])) : undefined;
  const descriptor = new rclnodejs.ParameterDescriptor(name, type, spec.description, spec.readOnly, range);
  // rclnodejs refuses a value out of range before its callbacks see it, with a reason that is cut off ("does not
  // readonly"). The range stays in the description; checkParameter holds values to it.
  descriptor.validateParameter = () => {};
  return descriptor;
}
