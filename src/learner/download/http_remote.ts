import { errorMessage } from '../../errors.js';
import { type RemoteBody, type RemoteFile, type RemoteIdentity, TransferError } from './remote_file.js';

/** Answers after which the same question may succeed (RFC 9110, RFC 6585); so may all of the server's own errors. */
const PASSING = new Set([408, 425, 429]);
/** Answers of servers that do not know the method HEAD. */
const NO_HEAD = new Set([405, 501]);

/** A file of an HTTP server, read on by a Range request that If-Range guards (RFC 9110). */
export function httpRemote(url: URL): RemoteFile {
  // fetch refuses a URL with a password in it.
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  const headers: Record<string, string> = { 'Accept-Encoding': 'identity' };
  if (url.username !== '') {
    const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.Authorization = `Basic ${Buffer.from(login).toString('base64')}`;
  }
  const ask = async (method: string, more: Record<string, string>, signal: AbortSignal): Promise<Response> => {
    try {
      return await fetch(bare, { method, headers: { ...headers, ...more }, signal });
    } catch (error) {
      throw failed(error, signal);
    }
  };

  const remote: RemoteFile = {
    async identity(signal) {
      const response = await ask('HEAD', {}, signal);
      if (NO_HEAD.has(response.status)) return { size: null, version: null };
      await refuseFailure(response);
      return identityOf(response);
    },

    async read(from, version, signal): Promise<RemoteBody> {
      const resumes = from > 0 && version !== null;
      const response = await ask('GET', resumes ? { Range: `bytes=${from}-`, 'If-Range': version } : {}, signal);
      if (resumes && response.status === 416) {
        await response.body?.cancel();
        return remote.read(0, null, signal);
      }
      await refuseFailure(response);
      const { size, version: now } = identityOf(response);
      if (response.status !== 206) return { size, version: now, start: 0, chunks: chunksOf(response, signal) };
      const [, start, , total] =
        /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') ?? [];
      if (!resumes || now !== version || Number(start) !== from) {
        await response.body?.cancel();
        if (resumes) return remote.read(0, null, signal);
        throw new TransferError('it answers with a part of the file that was not asked for', true);
      }
      return {
        size: total === undefined || total === '*' ? null : Number(total),
        version: now,
        start: from,
        chunks: chunksOf(response, signal),
      };
    },
  };
  return remote;
}

async function refuseFailure(response: Response): Promise<void> {
  if (response.ok) return;
  await response.body?.cancel();
  const { status, statusText } = response;
  throw new TransferError(`it answers ${status} ${statusText}`.trimEnd(), status < 500 && !PASSING.has(status));
}

function identityOf({ headers }: Response): RemoteIdentity {
  const etag = headers.get('etag');
  // A weak ETag does not promise the same bytes.
  const version = etag?.startsWith('"') ? etag : headers.get('last-modified');
  const length = headers.get('content-length');
  const encoded = (headers.get('content-encoding') ?? 'identity') !== 'identity';
  // The length of what is encoded is not that of the file, and its parts are not the file's.
  if (encoded) return { size: null, version: null };
  return { size: length !== null && /^\d+$/.test(length) ? Number(length) : null, version };
}

async function* chunksOf(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  try {
    yield* response.body as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw failed(error, signal);
  }
}

/** fetch says only "fetch failed" or "terminated", and why in its cause. */
function failed(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = (cause as { code?: unknown } | undefined)?.code;
  const reason = cause === undefined ? errorMessage(error) : errorMessage(cause);
  const message = typeof code === 'string' && !reason.includes(code) ? `${reason} (${code})`.trim() : reason;
  return new TransferError(message, false, { cause: error });
}
