import type { Node } from 'rclnodejs';
import rclnodejs from 'rclnodejs';
import { errorMessage } from '../errors.js';
import { modelLocation } from '../learner/checkpoint/model_location.js';
import type { ImageExpressions, PipelineSettings } from '../pipeline/expression_pipeline.js';
import { extractorWarning } from '../pipeline/extractor_warning.js';
import { WorkerClient } from '../pipeline/worker_client.js';
import { AUTOMATIC, EXPRESSION_PARAMETERS, type ExpressionParameters } from './expression_parameters.js';
import { ImageSubscription } from './image_subscription.js';
import {
  encodedImageOf,
  facialExpressionsMessage,
  type HeaderMessage,
  type ImageMessage,
  secondsBetween,
  type TimeMessage,
} from './messages.js';
import { declareParameters, unknownParameters } from './node_parameters.js';
import { Throttle } from './throttle.js';

const MESSAGE_TYPE = { package: 'facial_expression_recognition', type: 'msg', name: 'FacialExpressions' } as const;

/** The depth of the publisher's queue: a subscriber that stalls for a third of a second misses nothing at 30 Hz. */
const PUBLISHER_DEPTH = 10;

/**
 * What expression_node does: takes images from `image`, and publishes what the faces on each express on
 * `~/expressions`.
 */
export class ExpressionPublisher {
  readonly #node: Node;
  readonly #worker: WorkerClient<HeaderMessage>;
  readonly #publisher: ReturnType<Node['createPublisher']>;
  readonly #warnings = new Throttle(5);
  #parameters: ExpressionParameters;
  #subscription: ImageSubscription | undefined;
  #classes: readonly string[] = [];
  #firstStamp: TimeMessage | undefined;
  #published = 0;
  #refused = 0;

  /**
   * @param onFailure called once, when the node cannot go on: what was wrong, for a person
   * @throws InvalidInputError when a parameter is not allowed
   */
  constructor(node: Node, onFailure: (message: string) => void) {
    this.#node = node;
    this.#parameters = declareParameters(node, EXPRESSION_PARAMETERS, (parameters) => {
      this.#parameters = parameters;
      this.#worker.set(settingsOf(parameters));
    });
    for (const name of unknownParameters(node, EXPRESSION_PARAMETERS)) {
      const known = Object.keys(EXPRESSION_PARAMETERS).join(', ');
      node.getLogger().warn(`There is no parameter ${name}; it is not used. The parameters are ${known}.`);
    }
    const { HistoryPolicy, ReliabilityPolicy } = rclnodejs.QoS;
    const qos = new rclnodejs.QoS(
      HistoryPolicy.RMW_QOS_POLICY_HISTORY_KEEP_LAST,
      PUBLISHER_DEPTH,
      ReliabilityPolicy.RMW_QOS_POLICY_RELIABILITY_RELIABLE,
    );
    this.#publisher = node.createPublisher(MESSAGE_TYPE, '~/expressions', { qos });
    const {
      model,
      device,
      landmark_extractor: landmarkExtractor,
      shape_predictor: shapePredictor,
      landmark_smoothing: smoothLandmarks,
    } = this.#parameters;
    const { directory, name } = modelLocation(model);
    this.#worker = new WorkerClient(
      {
        modelDirectory: directory,
        modelName: name,
        device,
        landmarkExtractor,
        shapePredictor: shapePredictor === AUTOMATIC ? undefined : shapePredictor,
        smoothLandmarks,
        settings: settingsOf(this.#parameters),
      },
      {
        onReady: (classes, trainedFor) => this.#onReady(classes, trainedFor),
        onFailure,
        onExpressions: (header, expressions) => this.#guard(() => this.#publish(header, expressions)),
        onRefused: (_header, message) => this.#onRefused(message),
      },
    );
  }

  /** One line on what became of the images so far. */
  get summary(): string {
    const received = this.#subscription?.received ?? 0;
    return `${received} images received, ${this.#published} processed, ${this.#worker.dropped} dropped for newer ones, ${this.#refused} refused`;
  }

  /** Ends the work; nothing is published after that. */
  stop(): Promise<void> {
    return this.#worker.stop();
  }

  #onReady(classes: readonly string[], trainedFor: readonly string[]): void {
    this.#classes = classes;
    const { reliability, model, mcdo_repeats: repeats, landmark_extractor: extractor } = this.#parameters;
    const warning = extractorWarning(model, trainedFor, extractor);
    if (warning) this.#node.getLogger().warn(warning);
    this.#subscription = new ImageSubscription(this.#node, 'image', reliability, (message) => this.#onImage(message));
    this.#node
      .getLogger()
      .info(
        `Ready: model ${model} (${classes.join(', ')}), landmarks of ${extractor}, ${repeats} Monte Carlo dropout repeats; images from ${this.#subscription.topic}, expressions on ${this.#publisher.topic}`,
      );
  }

  #onImage(message: ImageMessage): void {
    const { stamp, frame_id } = message.header;
    this.#worker.process(
      { stamp: { sec: stamp.sec, nanosec: stamp.nanosec }, frame_id },
      encodedImageOf(message),
      this.#secondsOf(stamp),
      `the image on ${this.#subscription?.topic}`,
    );
  }

  /** A stamp since the first one: small numbers lose no nanoseconds. */
  #secondsOf({ sec, nanosec }: TimeMessage): number {
    if (sec === 0 && nanosec === 0) {
      this.#warnings.run('no stamp', () => {
        const topic = this.#subscription?.topic;
        this.#node.getLogger().warn(`Images on ${topic} have no stamp: the time when they arrive is taken instead.`);
      });
      return performance.now() / 1000;
    }
    this.#firstStamp ??= { sec, nanosec };
    return secondsBetween(this.#firstStamp, { sec, nanosec });
  }

  #publish(header: HeaderMessage, expressions: ImageExpressions): void {
    const { seconds, nanoseconds } = this.#node.getClock().now().secondsAndNanoseconds;
    const now = { sec: Number(seconds), nanosec: Number(nanoseconds) };
    const latencyMilliseconds = secondsBetween(header.stamp, now) * 1000;
    this.#publisher.publish(facialExpressionsMessage(header, expressions, this.#classes, latencyMilliseconds));
    this.#published++;
  }

  #onRefused(message: string): void {
    this.#refused++;
    this.#warnings.run(message, (held) => {
      const more = held > 0 ? ` (${held} more since the last time)` : '';
      this.#node.getLogger().warn(`An image was refused${more}: ${message}`);
    });
  }

  #guard(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.#node.getLogger().error(error instanceof Error && error.stack ? error.stack : errorMessage(error));
    }
  }
}

function settingsOf({ mcdo_repeats, seed, max_faces, smoothing_ms }: ExpressionParameters): PipelineSettings {
  return {
    mcdoRepeats: mcdo_repeats,
    seed: seed < 0 ? undefined : seed,
    maxFaces: max_faces,
    smoothingSeconds: smoothing_ms / 1000,
  };
}
