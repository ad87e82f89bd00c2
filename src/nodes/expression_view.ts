import type { Node, Subscription } from 'rclnodejs';
import rclnodejs from 'rclnodejs';
import { describeError, errorMessage } from '../errors.js';
import { ViewFeed } from '../view/view_feed.js';
import { serveView } from '../view/view_server.js';
import { ImageSubscription } from './expression/image_subscription.js';
import { FACIAL_EXPRESSIONS_TYPE, type FacialExpressionsMessage, sensorImageOf } from './messages.js';
import { NodeParameters } from './parameters/node_parameters.js';
import { stampKey, viewAnswer } from './view/view_answer.js';
import { VIEW_PARAMETERS } from './view/view_parameters.js';

// ROS 2 node: a page for a browser on this machine, with the images of `image` and the faces of
// `expression_node/expressions`, live. It subscribes while a page is open.

const EXPRESSIONS = 'expression_node/expressions';

await rclnodejs.init(rclnodejs.Context.defaultContext(), process.argv);
rclnodejs.removeSignalHandlers();
const node = new rclnodejs.Node('expression_view');
const logger = node.getLogger();

/** The subscriptions of a page that is open. */
class Watch {
  readonly #node: Node;
  readonly #images: ImageSubscription;
  readonly #expressions: Subscription;

  constructor(owner: Node, feed: ViewFeed) {
    this.#node = owner;
    const wishes = { transport: 'auto', reliability: 'auto' } as const;
    this.#images = new ImageSubscription(owner, 'image', wishes, {
      onImage: (message) => feed.addImage(stampKey(message.header.stamp), sensorImageOf(message)),
      onFailure: (message) => owner.getLogger().error(message),
    });
    this.#expressions = owner.createSubscription(FACIAL_EXPRESSIONS_TYPE, EXPRESSIONS, (message: object) => {
      try {
        const expressions = message as FacialExpressionsMessage;
        feed.addAnswer(stampKey(expressions.header.stamp), viewAnswer(expressions));
      } catch (error) {
        owner.getLogger().error(errorMessage(error));
      }
    });
  }

  /** The topic that images are taken from. */
  get imageTopic(): string {
    return this.#images.topic;
  }

  end(): void {
    this.#images.destroy();
    this.#node.destroySubscription(this.#expressions);
  }
}

let watch: Watch | undefined;
const topic = (name: string) => {
  const resolved = node.resolveTopicName(name);
  return { name: resolved, publishers: node.countPublishers(resolved) };
};
const feed = new ViewFeed({
  setWatched: (watched) => {
    watch?.end();
    watch = watched ? new Watch(node, feed) : undefined;
    logger.debug(watched ? 'A page is open.' : 'No page is open any more.');
  },
  topics: () => ({ image: topic(watch?.imageTopic ?? 'image'), expressions: topic(EXPRESSIONS) }),
});

try {
  const { port } = new NodeParameters(node, VIEW_PARAMETERS).values;
  const server = await serveView(feed, port, `the parameters of ${node.getFullyQualifiedName()}`);
  const end = async () => {
    await server.close();
    rclnodejs.shutdown();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  node.spin();
  logger.info(`Open ${server.url} in a browser on this machine.`);
} catch (error) {
  logger.fatal(describeError(error));
  rclnodejs.shutdown();
  process.exitCode = 1;
}
