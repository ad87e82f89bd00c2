import { describeError } from '../../errors.js';
import { type DiagnosticArrayMessage, diagnosticArray } from '../diagnostics/diagnostic_message.js';
import { processUseMeter } from '../diagnostics/process_use.js';
import type { ManagedNode } from '../lifecycle/managed_node.js';
import type { ExpressionCondition } from './expression_condition.js';
import { expressionStatuses } from './expression_statuses.js';
import { OutputPublisher } from './outputs/output_publisher.js';

const INTERVAL_MILLISECONDS = 1000;

/**
 * expression_node's diagnostics on /diagnostics, once a second, and at once where something stops it, while somebody listens
 * there, in every state of the node: that it could not be configured is what they are most looked at for.
 */
export class ExpressionDiagnostics {
  readonly #node: ManagedNode;
  readonly #subject: { readonly condition: ExpressionCondition };
  readonly #use = processUseMeter();
  readonly #publisher: OutputPublisher<DiagnosticArrayMessage>;

  /** @param subject what tells how the node is, each time anew */
  constructor(node: ManagedNode, subject: { readonly condition: ExpressionCondition }) {
    this.#node = node;
    this.#subject = subject;
    this.#publisher = new OutputPublisher(node, 'diagnostic_msgs/msg/DiagnosticArray', '/diagnostics');
    // By the machine's clock: a simulated one that stands still is no reason to say nothing.
    setInterval(() => this.publish(), INTERVAL_MILLISECONDS).unref();
    // After the transition that failed.
    node.failures.onStop = () => setImmediate(() => this.publish());
  }

  /** Tells how the node is now. */
  publish(): void {
    try {
      const { condition } = this.#subject;
      // Asked for in any case: they are reckoned from the last time.
      const recent = condition.statistics.recent(condition.counts);
      const use = this.#use();
      if (!condition.parameters.publish_diagnostics || !this.#publisher.isHeard) return;
      const device = condition.worker?.facts.device ?? condition.parameters.device;
      const statuses = expressionStatuses(condition, recent, use);
      const path = this.#node.getFullyQualifiedName();
      this.#publisher.publish(diagnosticArray(this.#node.stampNow, path, device, statuses));
    } catch (error) {
      this.#node.reportFailure(`Diagnostics: ${describeError(error)}`);
    }
  }
}
