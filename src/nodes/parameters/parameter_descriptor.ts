import rclnodejs from 'rclnodejs';
import type { ParameterSpec, ParameterType } from './parameter_spec.js';

/** rcl_interfaces/msg/ParameterType; rclnodejs' own names are a const enum, which separate compilation cannot read. */
export const TYPE_NUMBERS: Readonly<Record<ParameterType, number>> = { bool: 1, integer: 2, double: 3, string: 4 };

type Spec = ParameterSpec<string> | ParameterSpec<number> | ParameterSpec<boolean>;

/** What a node tells others of a parameter; whether a value is allowed is for NodeParameters to say. */
export function describeParameter(name: string, spec: Spec) {
  // Not read-only and without range for rclnodejs, which would refuse values by itself, with a reason that is cut off
  // ("does not  readonly").
  const descriptor = new rclnodejs.ParameterDescriptor(name, TYPE_NUMBERS[spec.type], spec.description);
  descriptor.validateParameter = () => {};
  Object.assign(descriptor, { toMessage: () => descriptorMessage(name, spec) });
  return descriptor;
}

/** rcl_interfaces/msg/ParameterDescriptor; rclnodejs' own has no ranges. */
function descriptorMessage(name: string, { type, description, range, changeable }: Spec): object {
  const [low, high, step = 1] = range ?? [0, 0];
  return {
    name,
    type: TYPE_NUMBERS[type],
    description,
    additional_constraints: changeable === 'unless active' ? 'Cannot be changed while the node is active.' : '',
    read_only: changeable === 'never',
    dynamic_typing: false,
    integer_range:
      range && type === 'integer' ? [{ from_value: BigInt(low), to_value: BigInt(high), step: BigInt(step) }] : [],
    floating_point_range: range && type === 'double' ? [{ from_value: low, to_value: high, step: 0 }] : [],
  };
}
