import rclnodejs from 'rclnodejs';
import native, { type TransitionDescription } from 'rclnodejs/lib/native_loader.js';
import { describeError } from '../../errors.js';
import { FailureRecord } from '../diagnostics/failure_record.js';
import type { TimeMessage } from '../messages.js';
import { stampNow } from '../stamp_now.js';
import { Throttle } from '../throttle.js';
import type { LifecycleSteps } from './lifecycle_steps.js';

/** The transitions that can be asked for, by ROS's labels. */
export type TransitionLabel = 'configure' | 'cleanup' | 'activate' | 'deactivate' | 'shutdown';

/** The label of each of lifecycle_msgs/msg/Transition's ids that can be asked for. */
const LABELS: Readonly<Record<number, TransitionLabel>> = {
  1: 'configure',
  2: 'cleanup',
  3: 'activate',
  4: 'deactivate',
  5: 'shutdown',
  6: 'shutdown',
  7: 'shutdown',
};

/** Between two reports of one failure. */
const ERROR_REPORT_SECONDS = 5;

interface StateMessage {
  readonly id: number;
  readonly label: string;
}

/** lifecycle_msgs/srv/ChangeState. */
interface ChangeStateRequest {
  readonly transition: StateMessage;
}

const GET_TRANSITIONS = 'lifecycle_msgs/srv/GetAvailableTransitions';

interface ServiceResponse {
  send(response: object): void;
}

/**
 * A managed node whose transitions take their time without blocking the thread: while one is under way the node is in
 * the state `configuring`, `activating`, ..., answers every other service, and refuses other transitions. rclnodejs' own
 * are synchronous, and one that is not valid in the current state aborts the process; here it is refused with a warning.
 *
 * Nothing that is thrown in a callback of the node gets through to rclnodejs, which would abort the process.
 */
export class ManagedNode extends rclnodejs.lifecycle.LifecycleNode {
  /** What went wrong in it. */
  readonly failures = new FailureRecord();
  readonly #reports = new Throttle(ERROR_REPORT_SECONDS);
  #steps: LifecycleSteps | undefined;
  #underWay: Promise<boolean> | undefined;

  /** What the transitions do; to be called once, before the node spins. */
  manage(steps: LifecycleSteps): void {
    this.#steps = steps;
    // rcl offers this service, and rclnodejs never answers it: a caller would wait for ever. Another of its name does.
    this.createService(GET_TRANSITIONS, '~/get_transition_graph', (_request, response) => {
      response.send(transitionsMessage(native.getLifecycleTransitions(this.#stateMachine)));
    });
  }

  /** `unconfigured`, `inactive`, `active` or `finalized`, or the name of the transition that is under way. */
  get stateLabel(): string {
    return (this.currentState as unknown as StateMessage).label;
  }

  /** Whether the node is active, or is becoming so. */
  get isAtWork(): boolean {
    return ['activating', 'active', 'deactivating'].includes(this.stateLabel);
  }

  /** The time on the node's clock, which may be a simulated one. */
  get stampNow(): TimeMessage {
    return stampNow(this);
  }

  /** Logs something that went wrong and did not stop the node, the same one seldom, and keeps it for diagnostics. */
  reportFailure(message: string): void {
    this.failures.note(message);
    this.#reports.run(message, (held) => {
      this.getLogger().error(held > 0 ? `${message} (${held} more since the last time)` : message);
    });
  }

  /** Runs work that is nobody's to await: what it throws is a failure of the node. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.reportFailure(describeError(error));
    }
  }

  /** Logs what keeps the node from its work until it is configured or activated the next time, and keeps it for diagnostics. */
  reportStop(message: string): void {
    this.failures.stop(message);
    this.getLogger().error(message);
  }

  /** Settles when no transition is under way. */
  async settled(): Promise<void> {
    await this.#underWay;
  }

  /**
   * Makes a transition.
   *
   * @returns whether the node is in the state that was wanted; why it is not is logged
   */
  async transition(label: TransitionLabel): Promise<boolean> {
    const state = this.stateLabel;
    const valid = this.#validTransitions().map(({ transition }) => transition.label);
    if (this.#underWay !== undefined || !valid.includes(label)) {
      const why = this.#underWay !== undefined ? 'the node is' : 'there is no such transition from';
      const possible = valid.length > 0 ? valid.join(', ') : 'none';
      this.getLogger().warn(`Refused to ${label}: ${why} ${state}. Possible now: ${possible}.`);
      return false;
    }
    this.#underWay = this.#run(label, state);
    try {
      return await this.#underWay;
    } finally {
      this.#underWay = undefined;
    }
  }

  async #run(label: TransitionLabel, state: string): Promise<boolean> {
    this.#trigger(label);
    try {
      await this.#step(label, state);
      this.#trigger('transition_success');
      if (label === 'configure' || label === 'activate') this.failures.resume();
      return true;
    } catch (error) {
      this.reportStop(`Failed to ${label}: ${describeError(error)}`);
    }
    // What starts something has taken it back; what frees something may have left a part, which is tried once more.
    if (label === 'configure' || label === 'activate') {
      this.#trigger('transition_failure');
      return false;
    }
    this.#trigger('transition_error');
    try {
      await this.#steps?.cleanup();
      this.#trigger('transition_success');
    } catch (error) {
      this.reportStop(`Failed to clean up: ${describeError(error)}`);
      this.#trigger('transition_failure');
    }
    return false;
  }

  async #step(label: TransitionLabel, state: string): Promise<void> {
    if (label !== 'shutdown') {
      await this.#steps?.[label]();
      return;
    }
    if (state === 'active') await this.#steps?.deactivate();
    if (state !== 'unconfigured') await this.#steps?.cleanup();
  }

  /** rclnodejs keeps it to itself. */
  get #stateMachine(): unknown {
    return (this as unknown as { readonly _stateMachineHandle: unknown })._stateMachineHandle;
  }

  #trigger(label: string): void {
    native.triggerLifecycleTransitionByLabel(this.#stateMachine, label);
  }

  /** Those that can be asked for now. */
  #validTransitions(): TransitionDescription[] {
    return this.#underWay === undefined ? native.getAvailableLifecycleTransitions(this.#stateMachine) : [];
  }

  /** The service ~/change_state, which rclnodejs calls here. */
  async _onChangeState({ transition }: ChangeStateRequest, response: ServiceResponse): Promise<void> {
    const known = Object.values(LABELS).find((label) => label === transition.label);
    const label = transition.label === '' ? LABELS[transition.id] : known;
    if (label === undefined) {
      this.getLogger().warn(`Refused a transition of id ${transition.id}, label "${transition.label}": unknown.`);
      response.send({ success: false });
    } else {
      response.send({ success: await this.transition(label) });
    }
  }

  /** The service ~/get_available_transitions: rclnodejs' own answer has no start and goal states. */
  _onGetAvailableTransitions(_request: object, response: ServiceResponse): void {
    response.send(transitionsMessage(this.#validTransitions()));
  }

  /** What is ready (messages, requests, timers), which rclnodejs calls here; one by one, so that each is served. */
  execute(handles: readonly unknown[]): void {
    const { execute } = rclnodejs.lifecycle.LifecycleNode.prototype as unknown as {
      execute(this: ManagedNode, handles: readonly unknown[]): void;
    };
    for (const handle of handles) {
      try {
        execute.call(this, [handle]);
      } catch (error) {
        this.reportFailure(`A callback failed: ${describeError(error)}`);
      }
    }
  }
}

/** The response of lifecycle_msgs/srv/GetAvailableTransitions. */
function transitionsMessage(descriptions: readonly TransitionDescription[]) {
  return { available_transitions: [...descriptions] };
}
