import type { Node } from 'rclnodejs';
import native from 'rclnodejs/lib/native_loader.js';
import { isNodeMeant } from './node_pattern.js';

/** A parameter that a node was started with. */
export interface ParameterOverride {
  readonly name: string;
  /** Integers are bigints, so that 5 and 5.0 differ. */
  readonly value: unknown;
}

/** rcl_interfaces/msg/ParameterType of an integer. */
const PARAMETER_INTEGER = 2;

/**
 * The parameters that a node was started with, on the command line or in files, the later of two of one name.
 *
 * rclnodejs' own getParameterOverrides leaves out those of a node that is named with its namespace, which is how
 * ros2 launch gives all parameters, and those of names with wildcards.
 */
export function parameterOverrides(node: Node): ParameterOverride[] {
  const { handle } = (node as unknown as { readonly context: { readonly handle: unknown } }).context;
  const path = node.getFullyQualifiedName();
  const values = new Map<string, unknown>();
  for (const { name: pattern, parameters } of native.getParameterOverrides(handle) ?? []) {
    if (!isNodeMeant(pattern, path)) continue;
    for (const { name, type, value } of parameters) {
      values.set(name, type === PARAMETER_INTEGER ? BigInt(value as number) : value);
    }
  }
  return [...values].map(([name, value]) => ({ name, value }));
}
