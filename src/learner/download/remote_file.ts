/** What tells a remote file from the one that was there before under the same URL. */
export interface RemoteIdentity {
  /** Bytes; null where the server does not say. */
  readonly size: number | null;
  /** Its ETag or time of change; null where the server tells none that can be trusted, and then nothing is resumed. */
  readonly version: string | null;
}

/** The bytes of a remote file, as they come. */
export interface RemoteBody extends RemoteIdentity {
  /** Where the bytes start: where it was asked, or 0 where the server starts anew. */
  readonly start: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A file on a server, or one of this machine's. What fails throws a TransferError, or what the signal says. */
export interface RemoteFile {
  identity(signal: AbortSignal): Promise<RemoteIdentity>;
  /**
   * Reads on from the byte `from`, if the file is still `version`; else from its start.
   *
   * @param version of the bytes before `from`; null: from the start
   */
  read(from: number, version: string | null, signal: AbortSignal): Promise<RemoteBody>;
}

/** Why a transfer did not succeed. */
export class TransferError extends Error {
  override readonly name = 'TransferError';

  /** @param lasting whether trying again will not help */
  constructor(
    message: string,
    readonly lasting: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A URL for messages and files: without the password. */
export function shownUrl(url: URL): string {
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '***';
  return shown.href;
}
