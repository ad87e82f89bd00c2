import { TransferError } from './remote_file.js';

/** Gives up an attempt when the server is silent, or when the caller gives up. */
export class TransferWatch {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly onAbort = () => this.controller.abort(this.caller?.reason);

  constructor(
    timeoutSeconds: number,
    private readonly caller: AbortSignal | undefined,
  ) {
    const silent = new TransferError(`nothing came for ${timeoutSeconds} seconds`, false);
    this.timer = setTimeout(() => this.controller.abort(silent), timeoutSeconds * 1000);
    caller?.addEventListener('abort', this.onAbort, { once: true });
    if (caller?.aborted) this.onAbort();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Waits for something from the server, which winds up the clock; anything that fails is a TransferError. */
  async transfer<Result>(task: Promise<Result>): Promise<Result> {
    try {
      const result = await task;
      this.timer.refresh();
      return result;
    } catch (error) {
      if (this.signal.aborted) throw this.signal.reason;
      throw error instanceof Error && error.name !== 'TransferError'
        ? new TransferError(error.message, false, { cause: error })
        : error;
    }
  }

  end(): void {
    clearTimeout(this.timer);
    this.caller?.removeEventListener('abort', this.onAbort);
    // Frees the connection of an attempt that ended before its body did.
    this.controller.abort(new TransferError('the attempt has ended', false));
  }
}
