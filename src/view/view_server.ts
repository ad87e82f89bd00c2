import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorMessage, InvalidInputError } from '../errors.js';
import { PAGE } from './page.js';
import { STYLE } from './style.js';
import type { ViewFeed } from './view_feed.js';

/** Only programs of this machine reach it. */
const HOST = '127.0.0.1';
/** By which names a browser of this machine may call it: a page elsewhere whose name leads here is refused. */
const HOST_NAMES = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
/** How long a page waits for something new before it is told that there is nothing. */
const LONGEST_WAIT_MILLISECONDS = 1000;
/** Pages that may wait at a time. */
const MOST_REQUESTS = 16;

const MODULES = ['main', 'cards', 'format', 'picture', 'statistics', 'timeline'] as const;

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** A server that runs. */
export interface ViewServer {
  /** Where a browser finds the page. */
  readonly url: string;
  /** Ends it, and every connection. */
  close(): Promise<void>;
}

/**
 * Serves the page, on this machine alone.
 *
 * @param port 0 for a free one
 * @throws InvalidInputError where the port is taken or may not be used
 */
export async function serveView(feed: ViewFeed, port: number, origin: string): Promise<ViewServer> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    answer(feed, request, response, requests > MOST_REQUESTS)
      .catch((error: unknown) => refuse(response, 500, errorMessage(error)))
      .finally(() => requests--);
  });
  await listen(server, port, origin);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${taken}/`,
    close: () =>
      new Promise((resolve) => {
        feed.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number, origin: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(new InvalidInputError('port', port, `a port that is free (${error.message})`, origin, { cause: error }));
    });
    server.listen(port, HOST, resolve);
  });
}

async function answer(
  feed: ViewFeed,
  request: IncomingMessage,
  response: ServerResponse,
  isBusy: boolean,
): Promise<void> {
  if (!HOST_NAMES.test(request.headers.host ?? '')) return refuse(response, 403, 'Ask for localhost.');
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET is answered.');
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/') return send(response, 'text/html; charset=utf-8', PAGE);
  if (pathname === '/style.css') return send(response, 'text/css; charset=utf-8', STYLE);
  if (pathname === '/favicon.ico') {
    response.writeHead(204, HEADERS).end();
    return;
  }
  const module = MODULES.find((name) => pathname === `/${name}.js`);
  if (module !== undefined) {
    const code = await readFile(new URL(`./browser/${module}.js`, import.meta.url));
    return send(response, 'text/javascript; charset=utf-8', code);
  }
  if (pathname !== '/updates') return refuse(response, 404, 'There is no such page.');
  if (isBusy) return refuse(response, 503, 'Too many pages are open.');
  const after = Number(searchParams.get('after') ?? 0);
  if (!Number.isSafeInteger(after) || after < 0) return refuse(response, 400, 'after is a whole number.');
  const { update, jpeg } = await feed.next(after, LONGEST_WAIT_MILLISECONDS);
  const json = Buffer.from(JSON.stringify(update));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  send(response, 'application/octet-stream', Buffer.concat([length, json, jpeg ?? Buffer.alloc(0)]));
}

function send(response: ServerResponse, type: string, body: string | Buffer): void {
  response.writeHead(200, { ...HEADERS, 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function refuse(response: ServerResponse, status: number, words: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${words}\n`);
}
