import { describeError } from '../../errors.js';
import type { ManagedNode } from '../lifecycle/managed_node.js';

/** What the services of expression_node do; each may throw, and the error is the answer. */
export interface ExpressionCommands {
  /** Takes images, or takes none, while the node is active; what was done. */
  enable(enabled: boolean): string;
  /** Forgets all faces; what was done. */
  resetTracks(): string;
  /** Goes on with another model; the names of its categories. */
  loadModel(model: string): Promise<readonly string[]>;
}

const LOAD_MODEL = 'facial_expression_recognition/srv/LoadModel';

interface LoadModelRequest {
  readonly model: string;
}

interface ServiceResponse {
  send(response: object): void;
}

/** Opens the services `~/enable`, `~/reset_tracks` and `~/load_model`. Whatever fails, the caller is told why. */
export function openExpressionServices(node: ManagedNode, commands: ExpressionCommands): void {
  const failed = (name: string, error: unknown) => {
    const message = describeError(error);
    node.reportFailure(`${name} failed: ${message}`);
    return { success: false, message };
  };
  node.createService('std_srvs/srv/SetBool', '~/enable', ({ data }, response) => {
    try {
      response.send({ success: true, message: commands.enable(data) });
    } catch (error) {
      response.send(failed('~/enable', error));
    }
  });
  node.createService('std_srvs/srv/Trigger', '~/reset_tracks', (_request, response) => {
    try {
      response.send({ success: true, message: commands.resetTracks() });
    } catch (error) {
      response.send(failed('~/reset_tracks', error));
    }
  });
  const loadModel = async ({ model }: LoadModelRequest, response: ServiceResponse) => {
    try {
      const classes = await commands.loadModel(model);
      response.send({ success: true, message: `The model ${model} is loaded.`, classes: [...classes] });
    } catch (error) {
      response.send({ ...failed('~/load_model', error), classes: [] });
    }
  };
  node.createService(LOAD_MODEL as never, '~/load_model', loadModel as never);
}
