import { createReadStream } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { FileSystem, type FtpConnection, FtpSrv } from 'ftp-srv';

export interface FtpServer {
  readonly url: string;
  /** NAME FIRST_BYTE of each file that was sent. */
  readonly reads: string[];
  close(): Promise<void>;
}

export interface FtpBreak {
  /** Bytes of the transfer that still come. */
  readonly after: number;
  /** The connections that break: the one for data, the one for commands as well, or none: it ends as if it were whole. */
  readonly of: 'data' | 'both' | 'none';
}

export interface FtpFaults {
  /** Where the first transfers break, one by one. */
  readonly breaks?: readonly FtpBreak[];
  /** Commands that the server does not know. */
  readonly unknown?: readonly string[];
  /** Called before each transfer. */
  readonly onRead?: (name: string, start: number) => void;
  readonly login?: { readonly user: string; readonly password: string };
}

const silent = () => undefined;
const log = {
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
  child: () => log,
};

/** An FTP server on loopback that gives the files of a folder. */
export async function serveFtp(root: string, faults: FtpFaults = {}): Promise<FtpServer> {
  const port = await freePort();
  const url = `ftp://127.0.0.1:${port}`;
  const server = new FtpSrv({
    url,
    pasv_url: '127.0.0.1',
    anonymous: faults.login === undefined,
    blacklist: [...(faults.unknown ?? [])],
    log,
  });
  const reads: string[] = [];
  const breaks = [...(faults.breaks ?? [])];

  class FaultyFiles extends FileSystem {
    override async read(name: string, { start = 0 }: { start?: number } = {}) {
      // Without REST before it, ftp-srv gives undefined or null.
      const from = Number(start ?? 0);
      faults.onRead?.(name, from);
      reads.push(`${name} ${from}`);
      const file = createReadStream(join(root, this.cwd, name), { start: from });
      const fault = breaks.shift();
      return { stream: fault === undefined ? file : file.pipe(breaking(fault, this.connection)), clientPath: name };
    }
  }
  server.on('login', ({ connection, username, password }, resolve, reject) => {
    const { login } = faults;
    if (login !== undefined && (username !== login.user || password !== login.password)) {
      reject(new Error('not you'));
    } else resolve({ fs: new FaultyFiles(connection, { root, cwd: '/' }), root, cwd: '/' });
  });
  await server.listen();
  return { url, reads, close: async () => void (await server.close()) };
}

/** Passes bytes on, up to where it breaks. */
function breaking({ after, of }: FtpBreak, connection: FtpConnection): Transform {
  let left = after;
  const stream = new Transform({
    transform: (chunk: Buffer, _, done) => {
      const now = chunk.subarray(0, left);
      left -= now.length;
      stream.push(now);
      if (left > 0 || of === 'none') return done();
      // What was pushed goes out first.
      setTimeout(() => {
        if (of === 'both') (connection as unknown as { commandSocket: Socket }).commandSocket.destroy();
        done(new Error('the disk is gone'));
      }, 50);
    },
  });
  return stream;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
