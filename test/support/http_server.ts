import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpServer {
  readonly url: string;
  /** METHOD PATH, and the Range that was asked for. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** A server on loopback. */
export async function serveHttp(listener: RequestListener): Promise<HttpServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push([request.method, request.url, request.headers.range].filter((part) => part !== undefined).join(' '));
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface FileAnswer {
  readonly bytes: Buffer;
  readonly etag?: string;
  readonly lastModified?: string;
  /** The connection breaks after so many bytes of the body. */
  readonly breakAfter?: number;
  /** Whether Range is understood. */
  readonly ranges?: boolean;
}

/** Answers as a web server does for a file: HEAD, GET, and Range guarded by If-Range. */
export function answerFile(request: IncomingMessage, response: ServerResponse, file: FileAnswer): void {
  const { bytes, etag, lastModified, breakAfter, ranges = true } = file;
  if (etag !== undefined) response.setHeader('ETag', etag);
  if (lastModified !== undefined) response.setHeader('Last-Modified', lastModified);
  const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  const condition = request.headers['if-range'];
  let body = bytes;
  if (ranges && from !== undefined && (condition === undefined || condition === etag || condition === lastModified)) {
    if (Number(from) >= bytes.length) {
      response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
      return;
    }
    body = bytes.subarray(Number(from));
    response.statusCode = 206;
    response.setHeader('Content-Range', `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
  }
  response.setHeader('Content-Length', body.length);
  if (request.method === 'HEAD') response.end();
  else if (breakAfter === undefined || breakAfter >= body.length) response.end(body);
  else response.write(body.subarray(0, breakAfter), () => setImmediate(() => response.destroy()));
}
