import { setTimeout as sleep } from 'node:timers/promises';
import type { Node } from 'rclnodejs';
import type { Frame } from '../src/camera/frame.js';
import { errorMessage } from '../src/errors.js';
import { DEFAULT_MODEL } from '../src/learner/checkpoint/model_location.js';
import { ImagePublisher } from '../src/nodes/camera/image_publisher.js';

/** Seconds from one ill to the next. */
const INTERVAL_SECONDS = 5;
/** Images that a publisher sends at once, between one before and one after them. */
const GUEST_BURST = 3;
/** Until the node has surely taken an image from its queue. */
const TAKEN_MILLISECONDS = 200;
const PARAMETER_INTEGER = 2;

interface Client {
  sendRequestAsync(request: object, options: { timeout: number }): Promise<unknown>;
}

/** Does to expression_node, one after another, what it has to bear, and notes what it does not take as it should. */
export class RoughTreatment {
  readonly #node: Node;
  readonly #topic: string;
  readonly #setParameters: Client;
  readonly #loadModel: Client;
  readonly #unmet: string[] = [];
  #done = 0;
  #published = 0;

  /** @param topic of the images */
  constructor(node: Node, topic: string) {
    this.#node = node;
    this.#topic = topic;
    const client = (type: string, name: string) =>
      node.createClient(type as never, `expression_node/${name}`) as unknown as Client;
    this.#setParameters = client('rcl_interfaces/srv/SetParameters', 'set_parameters');
    this.#loadModel = client('facial_expression_recognition/srv/LoadModel', 'load_model');
  }

  /** Images that were published beside the camera's, broken ones too. */
  get published(): number {
    return this.#published;
  }

  /** Every few seconds the next ill. */
  async treat(second: number, frame: Frame): Promise<void> {
    if (second % INTERVAL_SECONDS !== 0) return;
    const ills: readonly (() => Promise<void>)[] = [
      () => this.#visit(frame),
      () => this.#visit({ ...frame, data: frame.data.subarray(0, frame.data.length / 2) }),
      () => this.#setOutOfRange(),
      () => this.#load(DEFAULT_MODEL, true),
      () => this.#load('no/such_model', false),
    ];
    try {
      await ills[this.#done++ % ills.length]!();
    } catch (error) {
      this.#unmet.push(errorMessage(error));
    }
  }

  /** What was not taken as it should be, and those of the complaints that are not about the treatment. */
  unexpected(complaints: readonly string[]): string[] {
    const expected = /An image was refused|Refused|no\/such_model|mcdo_repeats/;
    return [...this.#unmet, ...complaints.filter((line) => !expected.test(line))];
  }

  /**
   * Another camera comes, publishes and goes. Its first and its last image are alone, so that they arrive: what is lost in between,
   * the node can tell by their numbers.
   */
  async #visit(frame: Frame): Promise<void> {
    const guest = new ImagePublisher(this.#node, this.#topic, 'guest');
    for (const count of [1, GUEST_BURST, 1]) {
      for (let image = 0; image < count; image++) guest.publish(frame);
      this.#published += count;
      guest.waitUntilFetched();
      await sleep(TAKEN_MILLISECONDS);
    }
    guest.destroy();
  }

  async #setOutOfRange(): Promise<void> {
    const value = { type: PARAMETER_INTEGER, integer_value: -5n };
    const answer = await this.#setParameters.sendRequestAsync(
      { parameters: [{ name: 'mcdo_repeats', value }] },
      { timeout: 5000 },
    );
    const [result] = (answer as { results: { successful: boolean; reason: string }[] }).results;
    if (result?.successful !== false || result.reason === '') {
      this.#unmet.push(`mcdo_repeats = -5 was answered by ${JSON.stringify(result)}`);
    }
  }

  async #load(model: string, possible: boolean): Promise<void> {
    const answer = await this.#loadModel.sendRequestAsync({ model }, { timeout: 20_000 });
    const { success, message } = answer as { success: boolean; message: string };
    if (success !== possible || message === '') {
      this.#unmet.push(`load_model ${model} was answered by ${JSON.stringify({ success, message })}`);
    }
  }
}
