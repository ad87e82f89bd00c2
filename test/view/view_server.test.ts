import assert from 'node:assert/strict';
import { type IncomingMessage, request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { InvalidInputError } from '../../src/errors.js';
import { ViewFeed } from '../../src/view/view_feed.js';
import { serveView, type ViewServer } from '../../src/view/view_server.js';

const topic = { name: '/topic', publishers: 0 };

describe('serveView', () => {
  let server: ViewServer;
  let feed: ViewFeed;
  before(async () => {
    feed = new ViewFeed({ setWatched: () => undefined, topics: () => ({ image: topic, expressions: topic }) });
    server = await serveView(feed, 0, 'a test');
  });
  after(() => server.close());

  function ask(path: string, { host, method = 'GET' }: { host?: string; method?: string } = {}) {
    const headers = host === undefined ? {} : { host };
    return new Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }>((resolve, reject) => {
      request(new URL(path, server.url), { headers, method }, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) });
      })
        .on('error', reject)
        .end();
    });
  }

  it('is on this machine alone, and serves a page that may load from nowhere else', async () => {
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    const { status, headers, body } = await ask('/');
    assert.equal(status, 200);
    assert.match(
      headers['content-security-policy'] as string,
      /^default-src 'none'; script-src 'self'; style-src 'self'/,
    );
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.doesNotMatch(body.toString(), /https?:|style="|<script>|<style/);
    for (const [, path] of body.toString().matchAll(/(?:src|href)="([^"]+)"/g))
      assert.equal((await ask(path!)).status, 200);
  });

  it('serves every module that the page loads', async () => {
    const seen = new Set(['/main.js']);
    for (const path of seen) {
      const { status, body, headers } = await ask(path);
      assert.equal(status, 200, path);
      assert.equal(headers['content-type'], 'text/javascript; charset=utf-8');
      for (const [, name] of body.toString().matchAll(/from '\.\/(\w+\.js)'/g)) seen.add(`/${name}`);
    }
    assert.equal(seen.size, 6);
  });

  it('answers those alone who call it by a name of this machine', async () => {
    for (const host of ['localhost', 'localhost:8080', '127.0.0.1:1', '[::1]:80']) {
      assert.equal((await ask('/', { host })).status, 200, host);
    }
    for (const host of ['example.org', 'localhost.example.org', '127.0.0.1.example.org', 'localhost@example.org']) {
      for (const path of ['/', '/updates', '/main.js']) {
        assert.equal((await ask(path, { host })).status, 403, `${host}${path}`);
      }
    }
  });

  it('refuses what it does not know', async () => {
    for (const path of ['/nothing', '/browser/main.js', '/../package.json', '/%2e%2e/view_server.js', '/page.js']) {
      assert.equal((await ask(path)).status, 404, path);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) assert.equal((await ask('/', { method })).status, 405);
    for (const value of ['-1', 'x', '1.5', '1e99']) assert.equal((await ask(`/updates?after=${value}`)).status, 400);
    const { status, body } = await ask('/', { method: 'HEAD' });
    assert.deepEqual([status, body.length], [200, 0]);
  });

  it('gives updates as the length of their JSON, the JSON and the picture', async () => {
    await ask('/updates');
    feed.addImage('1', { encoding: 'mono8', width: 8, height: 8, step: 8, isBigendian: 0, data: new Uint8Array(64) });
    feed.addAnswer('1', { stampSeconds: 1, faces: [] });
    const { body, headers } = await ask('/updates?after=0');
    assert.equal(headers['cache-control'], 'no-store');
    const length = body.readUInt32LE(0);
    const update = JSON.parse(body.toString('utf8', 4, 4 + length));
    assert.deepEqual(update.answers, [{ stampSeconds: 1, faces: [] }]);
    assert.deepEqual([...body.subarray(4 + length, 6 + length)], [0xff, 0xd8], 'a JPEG begins so');
  });

  it('lets so many pages wait and no more', async () => {
    const { version } = JSON.parse((await ask('/updates')).body.toString('utf8', 4).replace(/\}[^}]*$/, '}'));
    const statuses = await Promise.all(
      Array.from({ length: 30 }, async () => (await ask(`/updates?after=${version}`)).status),
    );
    assert.deepEqual(new Set(statuses), new Set([200, 503]));
    assert.equal(statuses.filter((status) => status === 200).length, 16);
    assert.equal((await ask('/updates?after=0')).status, 200);
  });

  it('says which port is taken', async () => {
    const port = Number(new URL(server.url).port);
    await assert.rejects(
      serveView(feed, port, 'a test'),
      (error) =>
        error instanceof InvalidInputError && error.message.includes(`port is ${port}, expected a port that is free`),
    );
  });
});
