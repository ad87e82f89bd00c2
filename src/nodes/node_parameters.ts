import type { Node, Parameter } from 'rclnodejs';
import rclnodejs from 'rclnodejs';
import { errorMessage } from '../errors.js';
import { parameterOverrides } from './parameter_overrides.js';
import { checkParameter, type ParameterSpecs, type ParameterValues } from './parameter_spec.js';

// rcl_interfaces/msg/ParameterType; rclnodejs' own names are a const enum, which separate compilation cannot read.
const PARAMETER_BOOL = 1;
const PARAMETER_INTEGER = 2;
const PARAMETER_STRING = 4;
const TYPES = { boolean: PARAMETER_BOOL, number: PARAMETER_INTEGER, string: PARAMETER_STRING } as const;

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
  const values: Record<string, string | number | boolean> = {};
  const overrides = new Map(parameterOverrides(node).map(({ name, value }) => [name, value]));
  const path = node.getFullyQualifiedName();
  for (const [name, spec] of Object.entries(specs)) {
    const given = overrides.has(name) ? overrides.get(name) : spec.defaultValue;
    values[name] = checkParameter(specs, name, given, `the parameters given to ${path}`);
  }
  for (const [name, spec] of Object.entries(specs)) {
    const type = TYPES[typeof spec.defaultValue as keyof typeof TYPES];
    node.declareParameter(new rclnodejs.Parameter(name, type, values[name]), describe(name, type, spec), true);
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
  return parameterOverrides(node)
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
