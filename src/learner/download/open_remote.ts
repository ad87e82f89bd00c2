import { InvalidInputError } from '../../errors.js';
import { fileRemote } from './file_remote.js';
import { ftpRemote } from './ftp_remote.js';
import { httpRemote } from './http_remote.js';
import { type RemoteFile, shownUrl } from './remote_file.js';

const REMOTES: Record<string, (url: URL, timeoutSeconds: number) => RemoteFile> = {
  'ftp:': ftpRemote,
  'http:': httpRemote,
  'https:': httpRemote,
  'file:': fileRemote,
};

/** The file at an ftp, http, https or file URL. @throws InvalidInputError for any other URL */
export function openRemote(url: URL, timeoutSeconds: number): RemoteFile {
  const open = REMOTES[url.protocol];
  if (open === undefined) {
    throw new InvalidInputError('the protocol of the URL', url.protocol, Object.keys(REMOTES).join(' '), shownUrl(url));
  }
  return open(url, timeoutSeconds);
}
