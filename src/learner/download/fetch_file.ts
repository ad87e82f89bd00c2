import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ExpectedError, errorMessage } from '../../errors.js';
import { writeFileWhole } from '../../files.js';
import { openRemote } from './open_remote.js';
import { type RemoteBody, type RemoteFile, type RemoteIdentity, shownUrl, TransferError } from './remote_file.js';
import { TransferWatch } from './transfer_watch.js';

/** A download that did not succeed: the URL, and why. What has come is kept, and the next download goes on from it. */
export class DownloadError extends ExpectedError {
  override readonly name = 'DownloadError';

  constructor(
    readonly url: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`cannot download ${url}: ${reason}`, options);
  }
}

/** What happens to a file that is downloaded. */
export interface DownloadProgress {
  readonly url: string;
  /** Where it will be. */
  readonly path: string;
  readonly state: 'receiving' | 'retrying' | 'complete' | 'already there';
  /** Bytes that are there, with those of an earlier attempt. */
  readonly receivedBytes: number;
  /** null where the server does not say. */
  readonly totalBytes: number | null;
  /** Why it is tried again, or was not asked whether it is as large as it should be. */
  readonly reason?: string;
}

export interface FetchOptions {
  /** How often it is tried again after an attempt that brought nothing new. */
  readonly retries: number;
  /** Before the first of them; doubled each time, up to 30 seconds. */
  readonly retryDelaySeconds: number;
  /** How long a server may be silent. */
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

const LONGEST_DELAY_SECONDS = 30;

/** What is known of NAME.partial, in NAME.partial.json. */
const partialSchema = z.strictObject({
  url: z.string(),
  size: z.int().min(0).nullable(),
  version: z.string().nullable(),
});

/**
 * Fetches a file from an ftp, http, https or file URL, unless it is there with the size that it has there.
 *
 * Until all of it has come it is NAME.partial, so NAME is never half a file. An attempt, or a later call, goes on from
 * NAME.partial where the server's file is still the same by its ETag or time of change, and its size; else it starts anew.
 *
 * @throws DownloadError naming the URL: not found, refused, of another size than was said, silent, or again and again
 *   broken off; or NAME cannot be written
 * @throws what the signal says, once it is aborted; NAME.partial is kept
 */
export async function fetchFile(url: URL, path: string, options: FetchOptions): Promise<void> {
  await new FileFetch(url, path, options).run();
}

class FileFetch {
  private readonly remote: RemoteFile;
  private readonly shown: string;
  private readonly partial: string;
  private readonly sidecar: string;

  constructor(
    url: URL,
    private readonly path: string,
    private readonly options: FetchOptions,
  ) {
    this.remote = openRemote(url, options.timeoutSeconds);
    this.shown = shownUrl(url);
    this.partial = `${path}.partial`;
    this.sidecar = `${path}.partial.json`;
  }

  async run(): Promise<void> {
    const { signal, retries, retryDelaySeconds } = this.options;
    signal?.throwIfAborted();
    await this.local(mkdir(dirname(this.path), { recursive: true }));
    if (await this.isThere()) return;
    let best = await sizeOf(this.partial);
    for (let failures = 0; ; ) {
      try {
        await this.attempt();
        return;
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        if (!(error instanceof TransferError)) throw error;
        const reached = await sizeOf(this.partial);
        failures = reached > best ? 1 : failures + 1;
        best = Math.max(best, reached);
        if (error.lasting || failures > retries) {
          const often = error.lasting || retries === 0 ? '' : `, ${failures} times in a row without progress`;
          throw new DownloadError(this.shown, `${error.message}${often}`, { cause: error });
        }
        this.report('retrying', reached, null, error.message);
        const delay = Math.min(LONGEST_DELAY_SECONDS, retryDelaySeconds * 2 ** (failures - 1));
        await sleep(delay * 1000, undefined, signal && { signal });
      }
    }
  }

  /** Whether the file is there already: a server that cannot be asked for its size is no reason to do without it. */
  private async isThere(): Promise<boolean> {
    const found = await stat(this.path).catch(() => null);
    if (found === null) return false;
    if (!found.isFile()) throw new DownloadError(this.shown, `${this.path} is there and is no file`);
    let reason: string | undefined;
    let size: number | null = null;
    const watch = new TransferWatch(this.options.timeoutSeconds, this.options.signal);
    try {
      size = (await this.remote.identity(watch.signal)).size;
    } catch (error) {
      if (this.options.signal?.aborted) throw this.options.signal.reason;
      reason = errorMessage(error);
    } finally {
      watch.end();
    }
    if (size !== null && size !== found.size) return false;
    this.report('already there', found.size, size, reason);
    return true;
  }

  private async attempt(): Promise<void> {
    const watch = new TransferWatch(this.options.timeoutSeconds, this.options.signal);
    try {
      const known = await this.knownPartial();
      const body = await watch.transfer(this.remote.read(known?.length ?? 0, known?.version ?? null, watch.signal));
      const goesOn = known !== null && body.start > 0 && body.start === known.length && body.size === known.size;
      if (!goesOn && body.start > 0) {
        await this.discard();
        throw new TransferError('its size changed while the rest of it was asked for', false);
      }
      if (!goesOn) await this.startAnew(body);
      await this.receive(body, watch);
    } finally {
      watch.end();
    }
  }

  /** What an earlier attempt left to go on from. */
  private async knownPartial(): Promise<(RemoteIdentity & { readonly length: number }) | null> {
    const length = await sizeOf(this.partial);
    if (length === 0) return null;
    const text = await readFile(this.sidecar, 'utf8').catch(() => '');
    const parsed = partialSchema.safeParse(jsonOf(text));
    if (!parsed.success || parsed.data.url !== this.shown || parsed.data.version === null) return null;
    const { size, version } = parsed.data;
    return size !== null && length >= size ? null : { size, version, length };
  }

  /** The old bytes go before the new identity comes, so a crash in between never mixes two files. */
  private async startAnew({ size, version }: RemoteIdentity): Promise<void> {
    await this.discard();
    await this.local(writeFileWhole(this.sidecar, `${JSON.stringify({ url: this.shown, size, version })}\n`));
  }

  private async discard(): Promise<void> {
    await this.local(rm(this.partial, { force: true }));
    await this.local(rm(this.sidecar, { force: true }));
  }

  private async receive(body: RemoteBody, watch: TransferWatch): Promise<void> {
    // A new one has to be ours alone: another download that emptied it would leave holes in what we have written.
    const handle = await this.local(open(this.partial, body.start > 0 ? 'r+' : 'wx'));
    try {
      let position = body.start;
      this.report('receiving', position, body.size);
      const chunks = body.chunks[Symbol.asyncIterator]();
      try {
        for (;;) {
          const { done, value } = await watch.transfer(chunks.next());
          if (done) break;
          if (body.size !== null && position + value.length > body.size) {
            throw new TransferError(`more than the ${body.size} bytes that it should have`, false);
          }
          await this.local(writeAll(handle, value, position));
          position += value.length;
          this.report('receiving', position, body.size);
        }
      } finally {
        await chunks.return?.().catch(() => undefined);
      }
      if (body.size !== null && position < body.size) {
        throw new TransferError(`it broke off after ${position} of ${body.size} bytes`, false);
      }
      await this.finish(handle, position);
    } finally {
      await handle.close();
    }
  }

  private async finish(handle: FileHandle, size: number): Promise<void> {
    await this.local(handle.sync());
    const [ours, there] = await Promise.all([handle.stat(), stat(this.partial).catch(() => null)]);
    if (there?.ino !== ours.ino || there.size !== size) {
      throw new DownloadError(this.shown, `another download writes ${this.partial}`);
    }
    await this.local(rename(this.partial, this.path));
    await this.local(rm(this.sidecar, { force: true }));
    this.report('complete', size, size);
  }

  private report(state: DownloadProgress['state'], received: number, total: number | null, reason?: string): void {
    this.options.onProgress?.({
      url: this.shown,
      path: this.path,
      state,
      receivedBytes: received,
      totalBytes: total,
      ...(reason !== undefined && { reason }),
    });
  }

  /** Words what this machine's files refuse. */
  private async local<Result>(task: Promise<Result>): Promise<Result> {
    try {
      return await task;
    } catch (error) {
      throw new DownloadError(this.shown, `cannot write ${this.path}: ${errorMessage(error)}`, { cause: error });
    }
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
