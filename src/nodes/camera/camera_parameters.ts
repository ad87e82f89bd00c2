import type { Node } from 'rclnodejs';
import rclnodejs from 'rclnodejs';
import { z } from 'zod';
import { sourceOptionsSchema } from '../../camera/open_source.js';
import { parseOptions } from '../../options.js';
import { parameterOverrides } from '../parameters/parameter_overrides.js';

// rcl_interfaces/msg/ParameterType; rclnodejs' own names are a const enum, which separate compilation cannot read.
const PARAMETER_BOOL = 1;
const PARAMETER_DOUBLE = 3;
const PARAMETER_STRING = 4;

const schema = sourceOptionsSchema.extend({
  /** Frame of reference in the header of each image. */
  frame_id: z.string().default('camera'),
});

/** The parameters of camera_node, all read once at its start. */
export type CameraParameters = z.output<typeof schema>;

const DESCRIPTIONS: Readonly<Record<keyof CameraParameters, readonly [type: number, description: string]>> = {
  source: [PARAMETER_STRING, 'What is played: a video file, a video device (/dev/video*) or a folder of images.'],
  loop: [PARAMETER_BOOL, 'Whether a file or folder starts again at its end.'],
  rate: [PARAMETER_DOUBLE, "Images a second, 0 to 1000; 0: the source's own rate (a folder's is 10)."],
  frame_id: [PARAMETER_STRING, 'Frame of reference in the header of each image.'],
};

/**
 * Reads the parameters that the node was started with, and declares them, so that others can ask for them.
 *
 * @throws InvalidInputError naming a parameter that is missing, unknown or not allowed
 */
export function declareCameraParameters(node: Node): CameraParameters {
  const given = parameterOverrides(node)
    // An integer comes as a bigint; `rate:=30` is one.
    .map(({ name, value }) => [name, typeof value === 'bigint' ? Number(value) : value] as const)
    .filter(([name]) => name !== 'use_sim_time' && !name.startsWith('qos_overrides.'));
  const origin = `the parameters given to ${node.getFullyQualifiedName()}`;
  const values = parseOptions(schema, Object.fromEntries(given), origin);
  for (const [name, [type, description]] of Object.entries(DESCRIPTIONS)) {
    const parameter = new rclnodejs.Parameter(name, type, values[name as keyof CameraParameters]);
    const descriptor = new rclnodejs.ParameterDescriptor(name, type, description, true);
    node.declareParameter(parameter, descriptor, true);
  }
  return values;
}
