import { Worker } from 'node:worker_threads';
import type { EncodedImage } from '../perception/image/decode_image.js';
import type { ImageExpressions, PipelineSettings } from './expression_pipeline.js';
import type { WorkerReply, WorkerRequest, WorkerStart } from './worker_protocol.js';

/** What a WorkerClient tells its owner; `Tag` is whatever the owner gave with an image. */
export interface WorkerEvents<Tag> {
  /** The model, trained for those extractors (none: not known), and the networks are loaded: images are welcome. */
  onReady(classes: readonly string[], landmarkExtractors: readonly string[]): void;
  /** The worker has ended and will not come back: what was wrong, for a person. */
  onFailure(message: string): void;
  onExpressions(tag: Tag, expressions: ImageExpressions): void;
  /** An image could not be decoded. */
  onRefused(tag: Tag, message: string): void;
}

/** After this, a worker that has not ended (it is still loading, say) is ended by force. */
const LONGEST_STOP_MILLISECONDS = 1500;

interface TaggedImage<Tag> {
  readonly tag: Tag;
  readonly image: EncodedImage;
  readonly stampSeconds: number;
  readonly origin: string;
}

/**
 * The main thread's side of the expression worker: hands it one image at a time. Of the images that come while it is
 * busy the newest waits, and the others are dropped and counted, so that an answer is never about an old image.
 */
export class WorkerClient<Tag> {
  readonly #worker: Worker;
  readonly #events: WorkerEvents<Tag>;
  readonly #exit: Promise<void>;
  #inWork: TaggedImage<Tag> | undefined;
  #waiting: TaggedImage<Tag> | undefined;
  #ended = false;
  #dropped = 0;

  constructor(start: WorkerStart, events: WorkerEvents<Tag>) {
    this.#events = events;
    this.#worker = new Worker(new URL('./expression_worker.js', import.meta.url), { workerData: start });
    this.#worker.on('message', (reply: WorkerReply) => this.#onReply(reply));
    this.#worker.on('error', (error) => this.#fail(`the expression worker broke: ${error.stack ?? error.message}`));
    this.#exit = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.on('exit', (code) => this.#fail(`the expression worker ended with exit code ${code}`));
  }

  /** How many images were dropped because a newer one came. */
  get dropped(): number {
    return this.#dropped;
  }

  /** @param image its data must not be shared: it is handed over to the worker */
  process(tag: Tag, image: EncodedImage, stampSeconds: number, origin: string): void {
    const tagged = { tag, image, stampSeconds, origin };
    if (this.#inWork) {
      if (this.#waiting) this.#dropped++;
      this.#waiting = tagged;
    } else {
      this.#send(tagged);
    }
  }

  set(settings: PipelineSettings): void {
    this.#post({ kind: 'settings', settings });
  }

  /**
   * Ends the worker without a word about it, once the image in work is done: native code that is cut off in the middle
   * takes the whole process with it.
   */
  async stop(): Promise<void> {
    this.#ended = true;
    this.#post({ kind: 'stop' });
    const force = setTimeout(() => this.#worker.terminate(), LONGEST_STOP_MILLISECONDS);
    await this.#exit;
    clearTimeout(force);
  }

  #send(tagged: TaggedImage<Tag>): void {
    this.#inWork = tagged;
    const { image, stampSeconds, origin } = tagged;
    this.#post({ kind: 'image', image, stampSeconds, origin }, [image.data.buffer as ArrayBuffer]);
  }

  #post(request: WorkerRequest, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, transfer);
  }

  #onReply(reply: WorkerReply): void {
    if (this.#ended) return;
    switch (reply.kind) {
      case 'ready':
        this.#events.onReady(reply.classes, reply.landmarkExtractors);
        return;
      case 'failed':
        this.#fail(reply.message);
        return;
      default: {
        const { tag } = this.#inWork!;
        const next = this.#waiting;
        this.#inWork = undefined;
        this.#waiting = undefined;
        // The worker goes on while the main thread publishes.
        if (next) this.#send(next);
        if (reply.kind === 'expressions') this.#events.onExpressions(tag, reply.expressions);
        else this.#events.onRefused(tag, reply.message);
      }
    }
  }

  #fail(message: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events.onFailure(message);
  }
}
