import { errorMessage } from '../errors.js';
import type { SensorImage } from '../perception/image/encoded_image.js';
import type { AnnotationWish } from './annotation.js';
import type { PipelineSettings } from './expression_pipeline.js';
import { ExpressionWorkerError, WorkerClient, type WorkerEvents } from './worker_client.js';
import type { ModelFacts, ModelPlace, WorkerStart } from './worker_protocol.js';

/** What a SupervisedWorker tells its owner beside the answers. */
export interface SupervisionEvents<Tag> extends Omit<WorkerEvents<Tag>, 'onFailure' | 'onReset'> {
  /** The worker broke; another one is being started, and images are dropped until it is ready. */
  onRestart(message: string): void;
  /** Nothing more can be done: what was wrong, for a person. */
  onFailure(message: string): void;
}

/** How a SupervisedWorker behaves. */
export interface SupervisionOptions {
  /** Ends the loading. */
  readonly signal?: AbortSignal;
  /** A worker that breaks sooner than this after it was ready would break again, so no other is started; 5000 by default. */
  readonly shortestLifeMilliseconds?: number;
}

/** An expression worker that is started again where it breaks. Its faces are forgotten then; ids are not given twice. */
export class SupervisedWorker<Tag> {
  readonly #events: SupervisionEvents<Tag>;
  readonly #stopping = new AbortController();
  readonly #shortestLifeMilliseconds: number;
  #start: WorkerStart;
  #client: WorkerClient<Tag> | undefined;
  #restart: Promise<void> = Promise.resolve();
  #readySince = 0;
  #droppedBefore = 0;
  #restarts = 0;
  /** Added to the ids of faces: a worker counts from 1. */
  #idOffset = 0;
  #lastId = 0;
  #facts: ModelFacts | undefined;

  private constructor(start: WorkerStart, events: SupervisionEvents<Tag>, shortestLifeMilliseconds: number) {
    this.#start = start;
    this.#events = events;
    this.#shortestLifeMilliseconds = shortestLifeMilliseconds;
  }

  /** @throws ExpressionWorkerError saying what could not be loaded */
  static async start<Tag>(
    start: WorkerStart,
    events: SupervisionEvents<Tag>,
    { signal, shortestLifeMilliseconds = 5000 }: SupervisionOptions = {},
  ) {
    const worker = new SupervisedWorker(start, events, shortestLifeMilliseconds);
    const abort = () => worker.#stopping.abort();
    signal?.addEventListener('abort', abort);
    try {
      await worker.#open();
    } finally {
      signal?.removeEventListener('abort', abort);
    }
    return worker;
  }

  /** Images that were dropped because a newer one came, or no worker was there. */
  get dropped(): number {
    return this.#droppedBefore + (this.#client?.dropped ?? 0);
  }

  /** Of the model that answers now. */
  get facts(): ModelFacts {
    return this.#facts!;
  }

  /** Whether a worker is there for images; false while one that broke is replaced. */
  get isRunning(): boolean {
    return this.#client !== undefined;
  }

  /** How often a worker that broke was replaced. */
  get restarts(): number {
    return this.#restarts;
  }

  /**
   * @param image its data must not change until it is answered or dropped
   * @param wish what is to be drawn of it
   */
  process(tag: Tag, image: SensorImage, stampSeconds: number, origin: string, wish?: AnnotationWish): void {
    const annotation = wish && { ...wish, idOffset: this.#idOffset };
    if (this.#client) this.#client.process(tag, image, stampSeconds, origin, annotation);
    else this.#droppedBefore++;
  }

  /** Takes effect from the next image on. */
  set(settings: PipelineSettings): void {
    this.#start = { ...this.#start, settings };
    this.#client?.set(settings);
  }

  /** Forgets all faces: those in the next image are new ones. */
  resetTracks(): void {
    this.#client?.resetTracks();
  }

  /**
   * Loads another model; the old one answers until it is there, and goes on where it cannot be loaded.
   *
   * @throws ExpressionWorkerError saying why it cannot be loaded
   */
  async loadModel(model: ModelPlace): Promise<ModelFacts> {
    await this.#restart;
    if (!this.#client) throw new ExpressionWorkerError('there is no expression worker');
    this.#facts = await this.#client.loadModel(model);
    this.#start = { ...this.#start, model };
    return this.#facts;
  }

  /** Ends the worker once the image in work is done; nothing is told after that. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#restart;
    await this.#client?.stop();
    this.#droppedBefore = this.dropped;
    this.#client = undefined;
  }

  async #open(): Promise<void> {
    const client = await WorkerClient.start<Tag>(
      this.#start,
      {
        onExpressions: (tag, expressions, context) => {
          const faces = expressions.faces.map((face) => ({ ...face, trackId: face.trackId + this.#idOffset }));
          this.#lastId = faces.reduce((last, { trackId }) => Math.max(last, trackId), this.#lastId);
          this.#events.onExpressions(tag, { ...expressions, faces }, context);
        },
        onAnnotated: (tag, annotated) => this.#events.onAnnotated(tag, annotated),
        onAnnotationFailed: (message) => this.#events.onAnnotationFailed(message),
        onRefused: (tag, message) => this.#events.onRefused(tag, message),
        onReset: () => {
          this.#idOffset = this.#lastId;
        },
        onFailure: ({ message }) => this.#onFailure(message),
      },
      this.#stopping.signal,
    );
    // They may have changed while it was loading.
    client.set(this.#start.settings);
    this.#client = client;
    this.#facts = client.facts;
    this.#readySince = performance.now();
  }

  #onFailure(message: string): void {
    this.#droppedBefore = this.dropped;
    this.#client = undefined;
    if (performance.now() - this.#readySince < this.#shortestLifeMilliseconds) {
      this.#events.onFailure(message);
      return;
    }
    this.#restarts++;
    this.#events.onRestart(message);
    this.#idOffset = this.#lastId;
    this.#restart = this.#open().catch((error) => {
      if (!this.#stopping.signal.aborted) this.#events.onFailure(errorMessage(error));
    });
  }
}
