import { Worker } from 'node:worker_threads';
import type { FolderFiles } from '../datasets/file_tree.js';
import type { LandmarkFrame } from '../datasets/landmark_folder.js';
import { endThread } from '../end_thread.js';
import { ExpectedError } from '../errors.js';
import type { LandmarkWorkerReply, LandmarkWorkerRequest, LandmarkWorkerStart } from './landmark_worker_protocol.js';

/** Milliseconds after which a thread that has not ended is ended by force. */
const LONGEST_STOP = 5000;

type LastReply = Exclude<LandmarkWorkerReply, { kind: 'share' }>;

/** What waits for the worker's answer. */
interface Waiting {
  resolve(reply: LastReply): void;
  reject(error: unknown): void;
  onShare(share: number): void;
}

/** A thread that finds the landmarks of sequences, one at a time. */
export class LandmarkThread {
  readonly #worker: Worker;
  readonly #exit: Promise<void>;
  #waiting: Waiting | undefined;

  private constructor(start: LandmarkWorkerStart) {
    this.#worker = new Worker(new URL('./landmark_worker.js', import.meta.url), { workerData: start });
    this.#worker.on('message', (reply: LandmarkWorkerReply) => {
      if (reply.kind === 'share') this.#waiting?.onShare(reply.share);
      else this.#settle()?.resolve(reply);
    });
    this.#worker.on('error', (error) => this.#settle()?.reject(error));
    this.#exit = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#settle()?.reject(new Error(`a thread that finds landmarks ended with exit code ${code}`));
        resolve();
      });
    });
  }

  /**
   * Starts threads, and waits until all have loaded their networks.
   *
   * @throws ExpectedError where a network cannot be read; then no thread is left
   */
  static async startAll(count: number, start: LandmarkWorkerStart): Promise<LandmarkThread[]> {
    const threads = Array.from({ length: count }, () => new LandmarkThread(start));
    try {
      await Promise.all(threads.map((thread) => thread.#answer(() => undefined)));
      return threads;
    } catch (error) {
      await LandmarkThread.stopAll(threads);
      throw error;
    }
  }

  static async stopAll(threads: readonly LandmarkThread[]): Promise<void> {
    await Promise.all(threads.map((thread) => thread.#stop()));
  }

  /**
   * The landmarks of a sequence's images. Not to be called again before the promise is settled.
   *
   * @param onShare told how far it has got, 0 to 1
   * @throws the signal's reason, at once: the thread is then of no more use; ExpectedError where an input is refused
   */
  async landmarks(
    sequence: FolderFiles,
    onShare: (share: number) => void,
    signal: AbortSignal,
  ): Promise<readonly LandmarkFrame[]> {
    signal.throwIfAborted();
    const abort = () => this.#settle()?.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      const answer = this.#answer(onShare);
      this.#post({ kind: 'sequence', sequence });
      const reply = await answer;
      if (reply.kind === 'ready') throw new Error('a thread that finds landmarks was ready twice');
      return reply.frames;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async #answer(onShare: (share: number) => void): Promise<Exclude<LastReply, { kind: 'refused' }>> {
    const reply = await new Promise<LastReply>((resolve, reject) => {
      this.#waiting = { resolve, reject, onShare };
    });
    if (reply.kind === 'refused') throw new ExpectedError(reply.message);
    return reply;
  }

  #settle(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }

  async #stop(): Promise<void> {
    this.#post({ kind: 'stop' });
    await endThread(this.#worker, this.#exit, LONGEST_STOP);
  }

  #post(request: LandmarkWorkerRequest): void {
    this.#worker.postMessage(request);
  }
}
