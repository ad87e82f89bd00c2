import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { InvalidInputError } from '../../../src/errors.js';
import { DownloadError, type DownloadProgress, fetchFile } from '../../../src/learner/download/fetch_file.js';
import { packageRoot } from '../../../src/package_root.js';
import { temporaryFolder } from '../../support/folders.js';
import { type FtpFaults, type FtpServer, serveFtp } from '../../support/ftp_server.js';
import { answerFile, type FileAnswer, type HttpServer, serveHttp } from '../../support/http_server.js';

const folder = temporaryFolder();
const bytes = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) % 251));
const etag = '"v1"';
let path: string;
let states: DownloadProgress[];
let http: HttpServer | null = null;
let ftp: FtpServer | null = null;

beforeEach(() => {
  states = [];
  rmSync(join(folder.path, 'local'), { recursive: true, force: true });
  path = join(folder.path, 'local', 'sub', 'val.npy');
});
afterEach(async () => {
  await http?.close();
  await ftp?.close();
  http = null;
  ftp = null;
});

async function fetchIt(url: string, more: { retries?: number; signal?: AbortSignal; timeoutSeconds?: number } = {}) {
  const onProgress = (progress: DownloadProgress) => states.push(progress);
  await fetchFile(new URL(url), path, {
    retries: 3,
    retryDelaySeconds: 0.001,
    timeoutSeconds: 20,
    onProgress,
    ...more,
  });
}

/** Serves answers in turn: the first for the first GET, and so on; the last one for all that follow. */
async function serveFiles(...answers: FileAnswer[]): Promise<HttpServer> {
  http = await serveHttp((request, response) => {
    const answer = request.method === 'GET' && answers.length > 1 ? answers.shift()! : answers[0]!;
    answerFile(request, response, answer);
  });
  return http;
}

async function serveFolder(faults: FtpFaults = {}, name = 'val.npy'): Promise<FtpServer> {
  const root = join(folder.path, 'remote');
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, name), bytes);
  ftp = await serveFtp(root, faults);
  return ftp;
}

/** The file is whole, and nothing else is left. */
function assertWhole(expected: Buffer = bytes): void {
  assert.ok(readFileSync(path).equals(expected));
  assert.deepEqual(readdirSync(join(folder.path, 'local', 'sub')), ['val.npy']);
}

const gets = () => http!.requests.filter((request) => request.startsWith('GET'));

describe('a file from an HTTP server', () => {
  it('is fetched once, and not again while it is there', async () => {
    const { url, requests } = await serveFiles({ bytes, etag });
    await fetchIt(`${url}/val.npy`);
    assertWhole();
    const [first, last] = [states[0]!, states.at(-1)!];
    assert.deepEqual([first.state, first.receivedBytes, first.totalBytes], ['receiving', 0, bytes.length]);
    assert.deepEqual([last.state, last.receivedBytes, last.path], ['complete', bytes.length, path]);
    await fetchIt(`${url}/val.npy`);
    assert.equal(states.at(-1)!.state, 'already there');
    assert.deepEqual(requests, ['GET /val.npy', 'HEAD /val.npy']);
  });

  it('is fetched again where it has another size than the one that is there', async () => {
    const { url } = await serveFiles({ bytes, etag });
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, 'half a file');
    await fetchIt(`${url}/val.npy`);
    assertWhole();
  });

  it('that is there is kept where the server is not', async () => {
    const { url, close } = await serveFiles({ bytes });
    await fetchIt(`${url}/val.npy`);
    await close();
    http = null;
    await fetchIt(`${url}/val.npy`);
    assert.equal(states.at(-1)!.state, 'already there');
    assert.match(states.at(-1)!.reason!, /ECONNREFUSED/);
  });

  it('is read on where the connection broke', async () => {
    const broken = { bytes, etag, breakAfter: 100_000 };
    const { url } = await serveFiles(broken, broken, broken, { bytes, etag });
    await fetchIt(`${url}/val.npy`, { retries: 1 });
    assertWhole();
    const asked = gets().map((request) => Number(/bytes=(\d+)-/.exec(request)?.[1] ?? 0));
    assert.equal(asked[0], 0);
    assert.ok(asked.length >= 3 && asked.every((from, i) => i === 0 || from > asked[i - 1]!), `${asked}`);
    assert.ok(states.some(({ state }) => state === 'retrying'));
  });

  it('is read on by a later call, by its time of change', async () => {
    const lastModified = 'Tue, 01 Oct 2024 10:00:00 GMT';
    const { url } = await serveFiles({ bytes, lastModified, breakAfter: 120_000 }, { bytes, lastModified });
    await assert.rejects(
      fetchIt(`${url}/val.npy`, { retries: 0 }),
      (error) => error instanceof DownloadError && error.message.includes(`${url}/val.npy`),
    );
    assert.ok(!existsSync(path));
    const kept = readFileSync(`${path}.partial`);
    assert.ok(kept.length > 0 && kept.equals(bytes.subarray(0, kept.length)));
    await fetchIt(`${url}/val.npy`);
    assertWhole();
    assert.equal(gets().at(-1), `GET /val.npy bytes=${kept.length}-`);
  });

  const changed = Buffer.from(bytes.map((byte) => 255 - byte));
  const restarts: [string, FileAnswer, FileAnswer][] = [
    ['it changed', { bytes: changed, etag: '"v2"' }, { bytes, etag, breakAfter: 100_000 }],
    ['it shrank', { bytes: changed.subarray(0, 50_000), etag: '"v2"' }, { bytes, etag, breakAfter: 100_000 }],
    [
      'it grew under the same ETag',
      { bytes: Buffer.concat([changed, changed]), etag },
      { bytes, etag, breakAfter: 100_000 },
    ],
    ['the server knows no ranges', { bytes: changed, etag, ranges: false }, { bytes, etag, breakAfter: 100_000 }],
    ['nothing tells it from another one', { bytes: changed }, { bytes, breakAfter: 100_000 }],
    [
      'its ETag promises not the same bytes',
      { bytes: changed, etag: 'W/"v1"' },
      { bytes, etag: 'W/"v1"', breakAfter: 100_000 },
    ],
  ];
  for (const [why, now, before] of restarts) {
    it(`is fetched from its start where ${why}`, async () => {
      const { url } = await serveFiles(before, now);
      await fetchIt(`${url}/val.npy`);
      assertWhole(now.bytes);
    });
  }

  it('is fetched from its start where what is kept of it is damaged, or of another URL', async () => {
    const { url } = await serveFiles({ bytes, etag });
    mkdirSync(join(path, '..'), { recursive: true });
    const sidecars = [
      null,
      'not JSON',
      '{"url": 5}',
      JSON.stringify({ url: `${url}/other.npy`, size: bytes.length, version: etag }),
      JSON.stringify({ url: `${url}/val.npy`, size: bytes.length, version: '"v0"' }),
      JSON.stringify({ url: `${url}/val.npy`, size: bytes.length, version: null }),
      JSON.stringify({ url: `${url}/val.npy`, size: 10, version: etag }),
    ];
    for (const sidecar of sidecars) {
      writeFileSync(`${path}.partial`, 'something else altogether');
      rmSync(`${path}.partial.json`, { force: true });
      if (sidecar !== null) writeFileSync(`${path}.partial.json`, sidecar);
      await fetchIt(`${url}/val.npy`);
      assertWhole();
      rmSync(path);
    }
  });

  it('of an unknown size is fetched to its end, and a break in it is noticed', async () => {
    let attempts = 0;
    http = await serveHttp((_, response) => {
      response.write(bytes.subarray(0, 1000));
      if (attempts++ === 0) setTimeout(() => response.destroy(), 20);
      else response.end(bytes.subarray(1000));
    });
    await fetchIt(http.url);
    assertWhole();
    assert.equal(attempts, 2);
  });

  it('is found after redirects, and by any name', async () => {
    http = await serveHttp((request, response) => {
      if (request.url === '/a%20b%23%C3%A9.npy?token=5') response.writeHead(302, { Location: '/there' }).end();
      else if (request.url === '/there') answerFile(request, response, { bytes, etag });
      else response.writeHead(404).end();
    });
    await fetchIt(`${http.url}/a%20b%23é.npy?token=5`);
    assertWhole();
  });

  it('is asked for with the user and the password of the URL, which no message tells', async () => {
    http = await serveHttp((request, response) => {
      const login = `Basic ${Buffer.from('me:s:cret').toString('base64')}`;
      if (request.headers.authorization === login) answerFile(request, response, { bytes });
      else response.writeHead(401).end();
    });
    const { host } = new URL(http.url);
    await fetchIt(`http://me:s%3Acret@${host}/val.npy`);
    assertWhole();
    rmSync(path);
    await assert.rejects(
      fetchIt(`http://me:wrong@${host}/val.npy`),
      (error) => error instanceof DownloadError && /401/.test(error.message) && !error.message.includes('wrong'),
    );
  });

  const statuses: [number, number][] = [
    [404, 1],
    [403, 1],
    [500, 4],
    [503, 4],
    [429, 4],
  ];
  for (const [status, attempts] of statuses) {
    it(`that is refused with ${status} is asked for ${attempts === 1 ? 'once' : 'again'}`, async () => {
      http = await serveHttp((_, response) => response.writeHead(status).end());
      await assert.rejects(
        fetchIt(`${http.url}/val.npy`),
        (error) =>
          error instanceof DownloadError &&
          error.message.includes(`${http!.url}/val.npy`) &&
          error.message.includes(`${status}`),
      );
      assert.equal(http.requests.length, attempts);
      assert.ok(!existsSync(path));
    });
  }

  it('that answers with a part that was not asked for is refused', async () => {
    http = await serveHttp((_, response) => {
      response.writeHead(206, { 'Content-Range': 'bytes 5-9/10' }).end('56789');
    });
    await assert.rejects(fetchIt(http.url), /a part of the file that was not asked for/);
  });

  it('from a server that is silent is given up', async () => {
    http = await serveHttp((_, response) => void response.write('a'));
    await assert.rejects(fetchIt(http.url, { timeoutSeconds: 0.2, retries: 1 }), /nothing came for 0.2 seconds/);
  });

  it('that is never as long as is said is refused', async () => {
    http = await serveHttp((request, response) => {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      response.writeHead(from > 0 ? 416 : 200, { 'Content-Length': from > 0 ? 0 : 2000, ETag: etag });
      if (from > 0) response.end();
      else response.write(bytes.subarray(0, 1000), () => setTimeout(() => response.destroy(), 20));
    });
    await assert.rejects(fetchIt(`${http.url}/val.npy`), /val\.npy: .*4 times in a row without progress/);
    assert.ok(!existsSync(path));
  });

  it('whose rest comes from another place, or of another file, is fetched from its start', async () => {
    for (const [range, tag] of [
      ['bytes 5-299999/300000', etag],
      ['bytes 1000-1999/300000', '"v2"'],
      ['items 1', etag],
    ] as const) {
      http = await serveHttp((request, response) => {
        if (request.headers.range !== undefined) {
          response.writeHead(206, { 'Content-Range': range, ETag: tag, 'Content-Length': 5 }).end('wrong');
        } else answerFile(request, response, { bytes, etag });
      });
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(`${path}.partial`, bytes.subarray(0, 1000));
      const known = { url: `${http.url}/val.npy`, size: bytes.length, version: etag };
      writeFileSync(`${path}.partial.json`, JSON.stringify(known));
      await fetchIt(`${http.url}/val.npy`);
      assertWhole();
      assert.deepEqual(gets(), ['GET /val.npy bytes=1000-', 'GET /val.npy']);
      rmSync(path);
      await http.close();
      http = null;
    }
  });

  it('is whole where several fetch it at once', async () => {
    const { url } = await serveFiles({ bytes, etag });
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => fetchIt(`${url}/val.npy`)));
    assert.ok(results.some(({ status }) => status === 'fulfilled'));
    for (const result of results) assert.ok(result.status === 'fulfilled' || result.reason instanceof DownloadError);
    assert.ok(readFileSync(path).equals(bytes));
  });

  it('stops when the caller wants, and goes on later', async () => {
    const controller = new AbortController();
    let slow = true;
    http = await serveHttp((request, response) => {
      if (!slow) return answerFile(request, response, { bytes, etag });
      response.writeHead(200, { 'Content-Length': bytes.length, ETag: etag });
      response.write(bytes.subarray(0, 100_000));
      setTimeout(() => controller.abort(new Error('enough')), 100);
    });
    await assert.rejects(fetchIt(`${http.url}/val.npy`, { signal: controller.signal }), /^Error: enough$/);
    assert.ok(!existsSync(path));
    assert.ok(existsSync(`${path}.partial`));
    await assert.rejects(fetchIt(`${http.url}/val.npy`, { signal: controller.signal }), /^Error: enough$/);
    slow = false;
    await fetchIt(`${http.url}/val.npy`);
    assertWhole();
    assert.match(gets().at(-1)!, /bytes=\d+-$/);
  });

  it('is whole or not there, whenever the process is killed', async () => {
    const half = bytes.length / 2;
    let killed: ChildProcess | null = null;
    http = await serveHttp((request, response) => {
      if (killed === null || request.headers.range !== undefined) return answerFile(request, response, { bytes, etag });
      response.writeHead(200, { 'Content-Length': bytes.length, ETag: etag });
      response.write(bytes.subarray(0, half));
    });
    const module = join(packageRoot(), 'build/ts/src/learner/download/fetch_file.js');
    const script = `
      const { fetchFile } = await import(${JSON.stringify(module)});
      const onProgress = ({ receivedBytes }) => { if (receivedBytes === ${half}) console.log('half'); };
      const options = { retries: 0, retryDelaySeconds: 0, timeoutSeconds: 60, onProgress };
      await fetchFile(new URL(${JSON.stringify(`${http.url}/val.npy`)}), ${JSON.stringify(path)}, options);`;
    killed = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(killed.stdout!, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'close');
    assert.ok(!existsSync(path));
    assert.ok(readFileSync(`${path}.partial`).equals(bytes.subarray(0, half)));
    await fetchIt(`${http.url}/val.npy`);
    assertWhole();
    assert.equal(gets().at(-1), `GET /val.npy bytes=${half}-`);
  });

  it('cannot be put where there is no room for it', async () => {
    const { url } = await serveFiles({ bytes });
    writeFileSync(join(folder.path, 'local'), '');
    await assert.rejects(fetchIt(url), (error) => error instanceof DownloadError && error.message.includes(path));
    rmSync(join(folder.path, 'local'));
    mkdirSync(path, { recursive: true });
    await assert.rejects(fetchIt(url), /is there and is no file/);
  });
});

describe('a file from an FTP server', () => {
  it('is fetched once, and not again while it is there', async () => {
    const { url, reads } = await serveFolder();
    await fetchIt(`${url}/val.npy`);
    assertWhole();
    assert.equal(states[0]!.totalBytes, bytes.length);
    await fetchIt(`${url}/val.npy`);
    assert.equal(states.at(-1)!.state, 'already there');
    assert.deepEqual(reads, ['val.npy 0']);
  });

  const breaks = { data: 'the data connection broke', both: 'both connections broke', none: 'it ended too early' };
  for (const of of ['data', 'both', 'none'] as const) {
    it(`is read on where ${breaks[of]}`, async () => {
      const { url, reads } = await serveFolder({
        breaks: [
          { after: 100_000, of },
          { after: 50_000, of },
        ],
      });
      await fetchIt(`${url}/val.npy`, { retries: 1 });
      assertWhole();
      const starts = reads.map((read) => Number(read.split(' ')[1]));
      assert.ok(starts.length === 3 && starts[0] === 0 && starts[1]! > 0 && starts[2]! > starts[1]!, `${starts}`);
    });
  }

  it('is read on by a later call, and from its start where it changed', async () => {
    const faults = {
      breaks: [
        { after: 100_000, of: 'data' },
        { after: 1000, of: 'data' },
      ],
    } as const;
    const { url, reads } = await serveFolder(faults);
    await assert.rejects(fetchIt(`${url}/val.npy`, { retries: 0 }), /val\.npy/);
    assert.ok(!existsSync(path));
    await assert.rejects(fetchIt(`${url}/val.npy`, { retries: 0 }), /val\.npy/);
    const other = Buffer.alloc(bytes.length, 7);
    const remote = join(folder.path, 'remote', 'val.npy');
    writeFileSync(remote, other);
    utimesSync(remote, 1, 1);
    await fetchIt(`${url}/val.npy`);
    assertWhole(other);
    assert.equal(reads.length, 3);
    assert.ok(reads[0] === 'val.npy 0' && reads[1] !== 'val.npy 0' && reads[2] === 'val.npy 0', `${reads}`);
  });

  it('of unknown size and time is fetched from its start', async () => {
    const { url, reads } = await serveFolder({ unknown: ['SIZE', 'MDTM'], breaks: [{ after: 100_000, of: 'data' }] });
    await fetchIt(`${url}/val.npy`);
    assertWhole();
    assert.equal(states[0]!.totalBytes, null);
    assert.deepEqual(reads, ['val.npy 0', 'val.npy 0']);
  });

  it('is found by any name', async () => {
    const name = ' a b#é%.npy';
    const { url } = await serveFolder({}, name);
    await fetchIt(`${url}/${encodeURIComponent(name)}`);
    assertWhole();
  });

  it('is asked for with the user and the password of the URL', async () => {
    const { url } = await serveFolder({ login: { user: 'me', password: 's:cret' } });
    const { host } = new URL(url);
    await fetchIt(`ftp://me:s%3Acret@${host}/val.npy`);
    assertWhole();
    rmSync(path);
    await assert.rejects(
      fetchIt(`ftp://me:wrong@${host}/val.npy`),
      (error) => error instanceof DownloadError && /530/.test(error.message) && !error.message.includes('wrong'),
    );
  });

  it('that is not there is refused by its URL, at once', async () => {
    const { url } = await serveFolder();
    await assert.rejects(
      fetchIt(`${url}/none.npy`),
      (error) => error instanceof DownloadError && error.message.includes(`${url}/none.npy: it answers 550`),
    );
    assert.ok(!states.some(({ state }) => state === 'retrying'));
  });

  it('whose name holds a command is refused', async () => {
    const { url, reads } = await serveFolder();
    for (const name of ['val.npy%0d%0aDELE%20val.npy', 'val.npy%00', '', '%ff']) {
      await assert.rejects(fetchIt(`${url}/${name}`), (error) => error instanceof InvalidInputError);
    }
    assert.deepEqual(reads, []);
  });

  it('from a server that is silent is given up', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `ftp://127.0.0.1:${port}/val.npy`;
    await assert.rejects(fetchIt(url, { timeoutSeconds: 0.2, retries: 0 }), /nothing came for 0.2 seconds|Timeout/);
    server.close();
  });

  it('from where no server is, is refused after some attempts', async () => {
    const { url, close } = await serveFolder();
    await close();
    ftp = null;
    await assert.rejects(fetchIt(`${url}/val.npy`, { retries: 2 }), /ECONNREFUSED.*3 times in a row/);
  });
});

describe('a file of this machine', () => {
  it('is copied', async () => {
    const original = join(folder.path, 'the original #1.npy');
    writeFileSync(original, bytes);
    await fetchIt(pathToFileURL(original).href);
    assertWhole();
    rmSync(path);
    await assert.rejects(fetchIt(pathToFileURL(`${original}2`).href), /ENOENT/);
    await assert.rejects(fetchIt(pathToFileURL(folder.path).href), /no regular file/);
    await assert.rejects(fetchIt('gopher://host/x'), /protocol of the URL is "gopher:", expected ftp: http:/);
  });
});
