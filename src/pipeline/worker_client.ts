import { Worker } from 'node:worker_threads';
import { endThread } from '../end_thread.js';
import { ExpectedError, errorMessage } from '../errors.js';
import type { SensorImage } from '../perception/image/encoded_image.js';
import type { AnnotatedImage } from './annotation.js';
import type { ImageExpressions, PipelineSettings } from './expression_pipeline.js';
import type {
  AnnotationRequest,
  ModelFacts,
  ModelPlace,
  WorkerReply,
  WorkerRequest,
  WorkerStart,
} from './worker_protocol.js';

/** The worker could not do what it was to do, or broke: why, for a person. */
export class ExpressionWorkerError extends ExpectedError {
  override readonly name = 'ExpressionWorkerError';
}

/** What is known of an answer beside the faces. */
export interface AnswerContext {
  /** Of the model that answered. */
  readonly facts: ModelFacts;
  /** How long the image waited for the one before it. */
  readonly waitingMilliseconds: number;
  /** From when it was sent to the worker until the answer was here. */
  readonly workingMilliseconds: number;
  /** What the worker's JavaScript holds; networks and images are not in it. */
  readonly workerHeapBytes: number;
}

/** What a WorkerClient tells its owner; `Tag` is whatever the owner gave with an image. */
export interface WorkerEvents<Tag> {
  onExpressions(tag: Tag, expressions: ImageExpressions, context: AnswerContext): void;
  /** What was to be drawn of an image, after its expressions; not of each where drawing takes longer than all else. */
  onAnnotated(tag: Tag, annotated: AnnotatedImage): void;
  /** It could not be drawn. */
  onAnnotationFailed(message: string): void;
  /** An image could not be decoded. */
  onRefused(tag: Tag, message: string): void;
  /** All faces are forgotten: ids begin at 1 again from now on. */
  onReset(): void;
  /** The worker, which was ready, has ended and will not come back. */
  onFailure(error: ExpressionWorkerError): void;
}

/** After this, a worker that has not ended is ended by force. One that is loading ends when it has loaded: to cut it short aborts the process. */
const LONGEST_STOP_MILLISECONDS = 10_000;

interface TaggedImage<Tag> {
  readonly tag: Tag;
  readonly image: SensorImage;
  readonly stampSeconds: number;
  readonly origin: string;
  readonly annotation: AnnotationRequest | undefined;
  /** When it came, by performance.now. */
  readonly since: number;
}

interface Waiting {
  resolve(facts: ModelFacts): void;
  reject(error: ExpressionWorkerError): void;
}

/**
 * The main thread's side of the expression worker: hands it one image at a time. Of the images that come while it is
 * busy the newest waits, and the others are dropped and counted, so that an answer is never about an old image.
 */
export class WorkerClient<Tag> {
  readonly #worker: Worker;
  readonly #events: WorkerEvents<Tag>;
  readonly #exit: Promise<void>;
  readonly #models: Waiting[] = [];
  /** Of images that are being drawn, oldest first. */
  readonly #annotating: Tag[] = [];
  #start: Waiting | undefined;
  #facts: ModelFacts | undefined;
  #inWork: { readonly tag: Tag; readonly sent: number; readonly waitingMilliseconds: number } | undefined;
  #waiting: TaggedImage<Tag> | undefined;
  #ended = false;
  #dropped = 0;

  private constructor(start: WorkerStart, events: WorkerEvents<Tag>, ready: Waiting) {
    this.#events = events;
    this.#start = ready;
    this.#worker = new Worker(new URL('./expression_worker.js', import.meta.url), { workerData: start });
    this.#worker.on('message', (reply: WorkerReply) => this.#onReply(reply));
    this.#worker.on('error', (error) => this.#fail(`the expression worker broke: ${error.stack ?? error.message}`));
    this.#exit = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.on('exit', (code) => this.#fail(`the expression worker ended with exit code ${code}`));
  }

  /**
   * Starts a worker.
   *
   * @param signal ends it while it is loading; the promise is then rejected
   * @returns the client, once the networks are loaded and images are welcome
   * @throws ExpressionWorkerError saying what could not be loaded
   */
  static async start<Tag>(start: WorkerStart, events: WorkerEvents<Tag>, signal?: AbortSignal) {
    let client: WorkerClient<Tag> | undefined;
    const ready = new Promise<ModelFacts>((resolve, reject) => {
      client = new WorkerClient(start, events, { resolve, reject });
    });
    const abort = () => client!.#fail('it was stopped while it was loading');
    try {
      if (client !== undefined) signal?.addEventListener('abort', abort);
      await ready;
      return client!;
    } catch (error) {
      if (client === undefined) {
        throw new ExpressionWorkerError(`no expression worker can be started: ${errorMessage(error)}`);
      }
      await client.stop();
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** How many images were dropped because a newer one came, or the worker broke. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Of the model that answers now. */
  get facts(): ModelFacts {
    return this.#facts!;
  }

  /**
   * @param image its data must not change until it is answered or dropped
   * @param annotation what is to be drawn of it
   */
  process(tag: Tag, image: SensorImage, stampSeconds: number, origin: string, annotation?: AnnotationRequest): void {
    const tagged = { tag, image, stampSeconds, origin, annotation, since: performance.now() };
    if (this.#ended) {
      this.#dropped++;
    } else if (this.#inWork) {
      if (this.#waiting) this.#dropped++;
      this.#waiting = tagged;
    } else {
      this.#send(tagged);
    }
  }

  /** Takes effect from the next image on. */
  set(settings: PipelineSettings): void {
    this.#post({ kind: 'settings', settings });
  }

  /** Forgets all faces: those in the next image are new ones. */
  resetTracks(): void {
    this.#post({ kind: 'reset' });
  }

  /**
   * Loads another model; the old one answers until it is there, and goes on where it cannot be loaded.
   *
   * @throws ExpressionWorkerError saying why it cannot be loaded
   */
  loadModel(model: ModelPlace): Promise<ModelFacts> {
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(new ExpressionWorkerError('the expression worker has ended'));
        return;
      }
      this.#models.push({ resolve, reject });
      this.#post({ kind: 'model', model });
    });
  }

  /** Ends the worker without a word about it, once the image in work is done. */
  async stop(): Promise<void> {
    this.#end('the expression worker was stopped');
    this.#post({ kind: 'stop' });
    await endThread(this.#worker, this.#exit, LONGEST_STOP_MILLISECONDS);
  }

  #send({ tag, image, stampSeconds, origin, annotation, since }: TaggedImage<Tag>): void {
    const sent = performance.now();
    this.#inWork = { tag, sent, waitingMilliseconds: sent - since };
    // The only copy of an image, of those alone that are processed: ROS's own memory cannot be handed to another thread.
    const data = new Uint8Array(image.data);
    this.#post({ kind: 'image', image: { ...image, data }, stampSeconds, origin, annotation }, [data.buffer]);
  }

  /** A worker that nothing can be sent to is of no more use, and is ended. */
  #post(request: WorkerRequest, transfer: ArrayBuffer[] = []): void {
    try {
      this.#worker.postMessage(request, transfer);
    } catch (error) {
      if (this.#ended) return;
      this.#fail(`the expression worker cannot be reached: ${errorMessage(error)}`);
      this.stop();
    }
  }

  #onReply(reply: WorkerReply): void {
    if (this.#ended) return;
    switch (reply.kind) {
      case 'ready':
        this.#facts = reply.facts;
        this.#start?.resolve(reply.facts);
        this.#start = undefined;
        return;
      case 'failed':
        this.#fail(reply.message);
        return;
      case 'model':
        this.#facts = reply.facts;
        this.#models.shift()?.resolve(reply.facts);
        return;
      case 'model_failed':
        this.#models.shift()?.reject(new ExpressionWorkerError(reply.message));
        return;
      case 'reset':
        this.#events.onReset();
        return;
      case 'annotated':
        this.#events.onAnnotated(this.#annotating.shift()!, reply.annotated);
        return;
      case 'annotation_failed':
        this.#annotating.shift();
        this.#events.onAnnotationFailed(reply.message);
        return;
      default: {
        const { tag, sent, waitingMilliseconds } = this.#inWork!;
        const workingMilliseconds = performance.now() - sent;
        const next = this.#waiting;
        this.#inWork = undefined;
        this.#waiting = undefined;
        // The worker goes on while the main thread publishes.
        if (next) this.#send(next);
        if (reply.kind === 'refused') {
          this.#events.onRefused(tag, reply.message);
          return;
        }
        const { expressions, heapBytes: workerHeapBytes, isAnnotated } = reply;
        if (isAnnotated) this.#annotating.push(tag);
        const times = { waitingMilliseconds, workingMilliseconds };
        this.#events.onExpressions(tag, expressions, { facts: this.facts, ...times, workerHeapBytes });
      }
    }
  }

  #fail(message: string): void {
    if (this.#ended) return;
    const wasReady = this.#start === undefined;
    this.#end(message);
    if (wasReady) this.#events.onFailure(new ExpressionWorkerError(message));
  }

  /** Whoever waits for an answer gets none. */
  #end(message: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#dropped += (this.#inWork ? 1 : 0) + (this.#waiting ? 1 : 0);
    const error = new ExpressionWorkerError(message);
    this.#start?.reject(error);
    this.#start = undefined;
    for (const { reject } of this.#models.splice(0)) reject(error);
  }
}
