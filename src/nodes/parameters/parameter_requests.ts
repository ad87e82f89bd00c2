import type { Node } from 'rclnodejs';
import rclnodejs from 'rclnodejs';
import { errorMessage } from '../../errors.js';
import type { ParameterSpecs } from './parameter_spec.js';

/** rcl_interfaces/msg/SetParametersResult. */
interface SetResult {
  readonly successful: boolean;
  readonly reason: string;
}

/** rcl_interfaces/msg/Parameter, as far as it is looked at here. */
interface ParameterMessage {
  readonly name: string;
  readonly value: { readonly type: number };
}

interface SetRequest {
  readonly parameters: readonly ParameterMessage[];
}

interface ServiceResponse {
  send(response: object): void;
}

/** The part of rclnodejs' ParameterService that is replaced. */
interface ParameterService {
  _handleSetParameters: (request: SetRequest, response: ServiceResponse) => void;
  _handleSetParametersAtomically: (request: SetRequest, response: ServiceResponse) => void;
}

/**
 * Answers requests to set parameters of a node in words. rclnodejs by itself says "does not  readonly" of a parameter that
 * there is none of, and answers a request that is malformed not at all.
 */
export function answerParameterRequests(node: Node, specs: ParameterSpecs): void {
  const { _parameterService: service } = node as unknown as { readonly _parameterService: ParameterService };
  const set = (messages: readonly ParameterMessage[]): SetResult => {
    try {
      const wrong = messages.map((message) => fault(node, specs, message)).find((reason) => reason !== undefined);
      if (wrong !== undefined) return { successful: false, reason: wrong };
      const parameters = messages.map((message) => rclnodejs.Parameter.fromParameterMessage(message as never));
      const { successful, reason } = node.setParametersAtomically(parameters) as SetResult;
      return { successful, reason: reason ?? '' };
    } catch (error) {
      return { successful: false, reason: errorMessage(error) };
    }
  };
  service._handleSetParameters = ({ parameters }, response) =>
    response.send({ results: parameters.map((parameter) => set([parameter])) });
  service._handleSetParametersAtomically = ({ parameters }, response) => response.send({ result: set(parameters) });
}

/** What is wrong with a parameter before its value is looked at. */
function fault(node: Node, specs: ParameterSpecs, { name, value }: ParameterMessage): string | undefined {
  const known = name !== '' && node.hasParameter(name);
  if (!known) return `There is no parameter "${name}". The parameters are ${Object.keys(specs).join(', ')}.`;
  const { type } = node.getParameter(name);
  // Those of the specs say in their own words what they expect.
  if (!Object.hasOwn(specs, name) && value.type !== type)
    return `${name} has another type than ${type} (rcl_interfaces/msg/ParameterType)`;
  return undefined;
}
