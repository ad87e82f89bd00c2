import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { errorMessage, InvalidInputError } from '../../errors.js';
import { type RemoteFile, type RemoteIdentity, shownUrl, TransferError } from './remote_file.js';

/** A file of this machine. */
export function fileRemote(url: URL): RemoteFile {
  let path: string;
  try {
    path = fileURLToPath(url);
  } catch (error) {
    throw new InvalidInputError('the file URL', errorMessage(error), 'the path of a file', shownUrl(url), {
      cause: error,
    });
  }
  const identity = async (): Promise<RemoteIdentity> => {
    try {
      const { size, mtimeMs, ino } = await stat(path).then((found) => {
        // Reading a pipe would wait for its writer.
        if (!found.isFile()) throw new Error('it is no regular file');
        return found;
      });
      return { size, version: `${mtimeMs} ${ino}` };
    } catch (error) {
      throw new TransferError(errorMessage(error), true, { cause: error });
    }
  };
  return {
    identity,
    async read(from, version, signal) {
      const now = await identity();
      const start = version === now.version ? from : 0;
      return { ...now, start, chunks: createReadStream(path, { start, signal }) };
    },
  };
}
