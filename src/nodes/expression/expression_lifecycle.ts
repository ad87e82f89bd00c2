import { ExpectedError, InvalidInputError } from '../../errors.js';
import { modelLocation } from '../../learner/checkpoint/model_location.js';
import type { ImageExpressions } from '../../pipeline/expression_pipeline.js';
import { extractorWarning } from '../../pipeline/extractor_warning.js';
import { SupervisedWorker } from '../../pipeline/supervised_worker.js';
import type { AnswerContext } from '../../pipeline/worker_client.js';
import type { ModelFacts, WorkerStart } from '../../pipeline/worker_protocol.js';
import type { LifecycleSteps } from '../lifecycle/lifecycle_steps.js';
import type { ManagedNode } from '../lifecycle/managed_node.js';
import { type HeaderMessage, secondsBetween, sensorImageOf, type TimeMessage } from '../messages.js';
import type { NodeParameters } from '../parameters/node_parameters.js';
import { checkParameter } from '../parameters/parameter_spec.js';
import { Throttle } from '../throttle.js';
import type { ExpressionCondition } from './expression_condition.js';
import { EXPRESSION_PARAMETERS } from './expression_parameters.js';
import type { ExpressionCommands } from './expression_services.js';
import { ImageIntake, type TakenImage } from './image_intake.js';
import { type ImageCounts, ImageStatistics } from './image_statistics.js';
import { describeStampCounts } from './image_timeline.js';
import { ALL_OUTPUTS } from './outputs/all_outputs.js';
import { makeMessages, OPTIONAL_PACKAGES } from './outputs/optional_messages.js';
import { OutputSet } from './outputs/output_set.js';
import { settingsOf, workerStartOf } from './worker_start.js';

/** What goes with an image through the worker. */
interface ImageTag {
  /** The image's own. */
  readonly header: HeaderMessage;
  /** When it was taken, as far as is known. */
  readonly stamp: TimeMessage;
}

/** What there is from configure to cleanup. */
interface Configured {
  readonly worker: SupervisedWorker<ImageTag>;
  readonly outputs: OutputSet;
  /** What the worker was started with. */
  readonly start: WorkerStart;
}

/**
 * What expression_node does: loads its model on configure; takes images from `image` while it is active, and hands what
 * the faces on each express to its outputs; frees all on cleanup.
 */
export class ExpressionLifecycle implements LifecycleSteps, ExpressionCommands {
  readonly #node: ManagedNode;
  readonly #parameters: NodeParameters<typeof EXPRESSION_PARAMETERS>;
  readonly #warnings = new Throttle(5);
  readonly #intake: ImageIntake;
  readonly #stopping = new AbortController();
  #configured: Configured | undefined;
  #droppedBefore = 0;
  #published = 0;
  #refused = 0;
  #lastRefusal: string | undefined;
  #faces = 0;
  #workerHeapBytes = 0;
  readonly #statistics = new ImageStatistics();

  constructor(node: ManagedNode, parameters: NodeParameters<typeof EXPRESSION_PARAMETERS>) {
    this.#node = node;
    this.#parameters = parameters;
    this.#intake = new ImageIntake(node, parameters, {
      isWanted: () => this.#configured!.outputs.wanted,
      onImage: (image) => this.#process(image),
      onBeginning: () => this.#configured!.worker.resetTracks(),
      onPause: () => this.#configured!.outputs.pause(),
      onWarning: (kind, message) => this.#warn(kind, message),
    });
    parameters.onChange(() => this.#applyParameters());
  }

  /** One line on what became of the images so far. */
  get summary(): string {
    const { received, processed, dropped, lost, skipped, refused } = this.#counts;
    return `${received} images received, ${processed} processed, ${dropped} dropped for newer ones, ${lost} lost before they arrived, ${skipped} skipped by max_rate_hz, ${refused} refused, ${describeStampCounts(this.#intake.stampCounts)}`;
  }

  /** How the node is, for diagnostics. */
  get condition(): ExpressionCondition {
    const worker = this.#configured?.worker;
    return {
      state: this.#node.stateLabel,
      parameters: this.#parameters.values,
      failures: this.#node.failures,
      worker: worker && {
        facts: worker.facts,
        isRunning: worker.isRunning,
        restarts: worker.restarts,
        heapBytes: this.#workerHeapBytes,
      },
      topic: this.#intake.topic,
      idle: this.#idle,
      silence: this.#intake.silence,
      counts: this.#counts,
      stampCounts: this.#intake.stampCounts,
      statistics: this.#statistics,
      lastRefusal: this.#lastRefusal,
      faces: this.#faces,
    };
  }

  get #counts(): ImageCounts {
    return {
      ...this.#intake.counts,
      processed: this.#published,
      dropped: this.#droppedBefore + (this.#configured?.worker.dropped ?? 0),
      refused: this.#refused,
    };
  }

  /** Why no images are taken; undefined where they are. */
  get #idle(): string | undefined {
    if (this.#intake.isTaking) return undefined;
    const { stateLabel: state } = this.#node;
    if (state !== 'active') return `No images are taken: the node is ${state}.`;
    return `No images are taken: ${this.#intake.enabled ? 'nobody listens' : 'a call of ~/enable has disabled the node'}.`;
  }

  /** Cuts short what is being loaded, since the process is to end. */
  abort(): void {
    this.#stopping.abort();
  }

  async configure(): Promise<void> {
    const start = workerStartOf(this.#parameters.values);
    const worker = await this.#startWorker(start);
    try {
      const fault = await makeMessages(OPTIONAL_PACKAGES);
      if (fault !== undefined) this.#node.getLogger().warn(fault);
      const outputs = await OutputSet.open(this.#node, ALL_OUTPUTS, this.#parameters.values);
      this.#configured = { worker, outputs, start };
    } catch (error) {
      await worker.stop();
      throw error;
    }
    this.#applyParameters();
    this.#warnOfExtractor(worker.facts);
    this.#node.getLogger().info(`Configured: ${this.#description(worker.facts)}.`);
  }

  async activate(): Promise<void> {
    const configured = this.#configured!;
    await this.#replaceStaleWorker(configured);
    this.#intake.open();
    const { facts } = this.#configured!.worker;
    const [images, expressions] = ['image', '~/expressions'].map((topic) => this.#node.resolveTopicName(topic));
    const whenever = this.#parameters.values.lazy ? ' while somebody listens' : '';
    const from = this.#intake.enabled ? `images from ${images}${whenever}` : 'disabled (~/enable changes that)';
    this.#node.getLogger().info(`Ready: ${this.#description(facts)}; ${from}, expressions on ${expressions}`);
  }

  async deactivate(): Promise<void> {
    this.#intake.close();
  }

  async cleanup(): Promise<void> {
    await this.deactivate();
    const configured = this.#configured;
    this.#configured = undefined;
    if (!configured) return;
    configured.outputs.release();
    await configured.worker.stop();
    this.#droppedBefore += configured.worker.dropped;
  }

  enable(enabled: boolean): string {
    this.#intake.enabled = enabled;
    const active = this.#node.stateLabel === 'active';
    const what = enabled ? 'Images are processed' : 'No images are processed';
    return active ? `${what}.` : `${what} once the node is active; it is ${this.#node.stateLabel}.`;
  }

  resetTracks(): string {
    if (!this.#configured) return `There are no faces: the node is ${this.#node.stateLabel}.`;
    this.#intake.beginAnew();
    return 'All faces are forgotten.';
  }

  async loadModel(model: string): Promise<readonly string[]> {
    const configured = this.#configured;
    const origin = 'a call of ~/load_model';
    const { stateLabel: state } = this.#node;
    if (!configured || !['inactive', 'active'].includes(state)) {
      throw new InvalidInputError('the state of the node', state, 'inactive or active: configure it first', origin);
    }
    checkParameter(EXPRESSION_PARAMETERS, 'model', model, origin);
    const { classes } = await configured.worker.loadModel(modelLocation(model));
    if (this.#configured !== configured) throw new ExpectedError('the node was cleaned up while the model was loaded');
    this.#parameters.set('model', model);
    this.#configured = { ...configured, start: { ...configured.start, model: modelLocation(model) } };
    this.#warnOfExtractor(configured.worker.facts);
    this.#node.getLogger().info(`Another model: ${this.#description(configured.worker.facts)}.`);
    return classes;
  }

  #startWorker(start: WorkerStart): Promise<SupervisedWorker<ImageTag>> {
    return SupervisedWorker.start<ImageTag>(
      start,
      {
        onExpressions: (tag, expressions, context) => this.#publish(tag, expressions, context),
        onAnnotated: ({ header }, annotated) => this.#configured?.outputs.publishAnnotated(header, annotated),
        onAnnotationFailed: (message) => this.#node.reportFailure(`An image could not be annotated: ${message}`),
        onRefused: (_tag, message) => this.#onRefused(message),
        onRestart: (message) => this.#node.reportFailure(`Another worker is started, since ${message}`),
        onFailure: (message) => this.#giveUp(message),
      },
      { signal: this.#stopping.signal },
    );
  }

  /** Parameters that a worker is started with may have changed while the node was inactive. */
  async #replaceStaleWorker(configured: Configured): Promise<void> {
    const start = workerStartOf(this.#parameters.values);
    if (JSON.stringify({ ...start, settings: null }) === JSON.stringify({ ...configured.start, settings: null }))
      return;
    const worker = await this.#startWorker(start);
    this.#configured = { ...configured, worker, start };
    this.#droppedBefore += configured.worker.dropped;
    await configured.worker.stop();
    this.#applyParameters();
    this.#warnOfExtractor(worker.facts);
  }

  /** What can change at work; also after what has taken its time, as it may have changed meanwhile. */
  #applyParameters(): void {
    const { values } = this.#parameters;
    this.#configured?.worker.set(settingsOf(values));
    this.#configured?.outputs.update(values);
  }

  #description({ classes }: ModelFacts): string {
    const { model, landmark_extractor: extractor } = this.#parameters.values;
    const { mcdoRepeats: repeats } = settingsOf(this.#parameters.values);
    return `model ${model} (${classes.join(', ')}), landmarks of ${extractor}, ${repeats} Monte Carlo dropout repeats`;
  }

  #warnOfExtractor({ landmarkExtractors }: ModelFacts): void {
    const { model, landmark_extractor: extractor } = this.#parameters.values;
    const warning = extractorWarning(model, landmarkExtractors, extractor);
    if (warning) this.#node.getLogger().warn(warning);
  }

  #process({ message, moment, origin }: TakenImage): void {
    const { stamp, frame_id } = message.header;
    const header = { stamp: { sec: stamp.sec, nanosec: stamp.nanosec }, frame_id };
    const { worker, outputs } = this.#configured!;
    const { values } = this.#parameters;
    const image = sensorImageOf(message, values.sixteen_bit_depth);
    worker.process({ header, stamp: moment.stamp }, image, moment.seconds, origin, outputs.annotation(values));
  }

  #publish({ header, stamp }: ImageTag, expressions: ImageExpressions, context: AnswerContext): void {
    // The image in work when the node was deactivated.
    if (!this.#intake.isTaking) {
      this.#droppedBefore++;
      return;
    }
    const latencyMilliseconds = secondsBetween(stamp, this.#node.stampNow) * 1000;
    const { facts, workerHeapBytes } = context;
    const answer = { header, expressions, facts, latencyMilliseconds, parameters: this.#parameters.values };
    this.#configured!.outputs.publish(answer);
    this.#published++;
    this.#faces = expressions.faces.length;
    this.#workerHeapBytes = workerHeapBytes;
    this.#statistics.add(expressions, context, latencyMilliseconds);
  }

  #onRefused(message: string): void {
    this.#refused++;
    this.#lastRefusal = message;
    this.#warn(message, `An image was refused: ${message}`);
  }

  /** @param kind of which one is logged now and then */
  #warn(kind: string, message: string): void {
    this.#warnings.run(kind, (held) => {
      const more = held > 0 ? ` (${held} more since the last time)` : '';
      this.#node.getLogger().warn(`${message}${more}`);
    });
  }

  /** The worker cannot be had: the node waits to be configured again. */
  async #giveUp(message: string): Promise<void> {
    this.#node.reportStop(`Cannot go on: ${message}. The node can be configured again once that is mended.`);
    await this.#node.settled();
    if (this.#node.stateLabel === 'active') await this.#node.transition('deactivate');
    if (this.#node.stateLabel === 'inactive') await this.#node.transition('cleanup');
  }
}
