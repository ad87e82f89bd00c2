import { PassThrough } from 'node:stream';
import { Client, FTPError } from 'basic-ftp';
import { errorMessage, InvalidInputError } from '../../errors.js';
import { type RemoteFile, type RemoteIdentity, shownUrl, TransferError } from './remote_file.js';

/** Replies that another attempt will get again: not logged in, no account, no such file, no such name. */
const LASTING = new Set([530, 532, 550, 553]);
/** Replies of servers that do not know a command, or not its parameters (RFC 959). */
const NOT_KNOWN = new Set([500, 501, 502, 504]);

/**
 * A file of an FTP server, read on by REST where SIZE and MDTM (RFC 3659) say that it is the same. Its path is relative
 * to the folder that the login leads to (RFC 1738); without a user in the URL the login is anonymous.
 */
export function ftpRemote(url: URL, timeoutSeconds: number): RemoteFile {
  const path = pathOf(url);
  const open = async (signal: AbortSignal): Promise<Client> => {
    const client = new Client(timeoutSeconds * 1000);
    signal.addEventListener('abort', () => client.close(), { once: true });
    signal.throwIfAborted();
    await guarded(client, signal, () =>
      client.access({
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port === '' ? 21 : Number(url.port),
        ...(url.username !== '' && {
          user: decodeURIComponent(url.username),
          password: decodeURIComponent(url.password),
        }),
      }),
    );
    return client;
  };

  return {
    async identity(signal) {
      const client = await open(signal);
      try {
        return await guarded(client, signal, () => identityOf(client, path));
      } finally {
        client.close();
      }
    },

    async read(from, version, signal) {
      const client = await open(signal);
      const identity = await guarded(client, signal, () => identityOf(client, path));
      const start = version !== null && version === identity.version ? from : 0;
      return { ...identity, start, chunks: chunksOf(client, path, start, signal) };
    },
  };
}

/** The path of a URL as the server knows it. @throws InvalidInputError where it cannot be part of a command */
function pathOf(url: URL): string {
  let path: string;
  try {
    path = decodeURIComponent(url.pathname.slice(1));
  } catch (error) {
    throw new InvalidInputError('the path of the URL', url.pathname, 'percent-encoded UTF-8', shownUrl(url), {
      cause: error,
    });
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these would end the command, or hide in it
  if (path === '' || /[\x00-\x1f\x7f]/.test(path)) {
    throw new InvalidInputError(
      'the path of the URL',
      path,
      'the name of a file, without control characters',
      shownUrl(url),
    );
  }
  return path;
}

async function identityOf(client: Client, path: string): Promise<RemoteIdentity> {
  const size = await known(() => client.size(path));
  const changed = await known(() => client.lastMod(path));
  const time = changed !== null && Number.isFinite(changed.getTime()) ? changed.toISOString() : null;
  return { size: size !== null && Number.isSafeInteger(size) && size >= 0 ? size : null, version: time };
}

/** The answer to a question that not every server knows. */
async function known<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof FTPError && NOT_KNOWN.has(error.code)) return null;
    throw error;
  }
}

async function* chunksOf(client: Client, path: string, start: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const stream = new PassThrough();
  const transfer = guarded(client, signal, () => client.downloadTo(stream, path, start));
  // The client ends the stream also when it fails, so that is found out afterwards.
  transfer.catch(() => stream.destroy());
  stream.on('error', () => undefined);
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch {
    // The stream was destroyed because the transfer failed.
  }
  try {
    await transfer;
  } finally {
    client.close();
  }
}

/** Closes the client where a task of it fails, and tells why in the words of a transfer. */
async function guarded<Result>(client: Client, signal: AbortSignal, task: () => Promise<Result>): Promise<Result> {
  try {
    return await task();
  } catch (error) {
    client.close();
    if (signal.aborted) throw signal.reason;
    const lasting = error instanceof FTPError && LASTING.has(error.code);
    const reason = error instanceof FTPError ? `it answers ${error.message}` : errorMessage(error);
    throw new TransferError(reason, lasting, { cause: error });
  }
}
