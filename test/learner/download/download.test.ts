import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ExternalDataset } from '../../../src/datasets/external_dataset.js';
import { labelBytes } from '../../../src/datasets/label_file.js';
import { npyBytes, readNpy } from '../../../src/datasets/npy.js';
import { InvalidInputError } from '../../../src/errors.js';
import { readModel } from '../../../src/learner/checkpoint/model_directory.js';
import { type DownloadOptions, download } from '../../../src/learner/download/download.js';
import { DownloadError } from '../../../src/learner/download/fetch_file.js';
import { packageRoot } from '../../../src/package_root.js';
import { temporaryFolder } from '../../support/folders.js';
import { type FtpServer, serveFtp } from '../../support/ftp_server.js';
import { answerFile, type HttpServer, serveHttp } from '../../support/http_server.js';

const folder = temporaryFolder();
const values = Float32Array.from({ length: 16 }, (_, i) => i);
let remote: string;
let path: string;
let ftp: FtpServer;
let http: HttpServer;

before(async () => {
  remote = join(folder.path, 'remote');
  path = join(folder.path, 'local');
  const data = join(remote, 'base', 'data', 'CK+');
  mkdirSync(data, { recursive: true });
  for (const part of ['train', 'val']) {
    writeFileSync(join(data, `${part}.npy`), npyBytes({ dims: [2, 2, 1, 4, 1], values }));
    writeFileSync(join(data, `${part}_labels.pkl`), labelBytes(['a', 'b'], [0, 1]));
  }
  const model = join(remote, 'base', 'pretrained_models', 'pstbln', 'expressions');
  mkdirSync(model, { recursive: true });
  for (const ending of ['json', 'pt']) {
    const file = `expressions.${ending}`;
    cpSync(join(packageRoot(), 'models', file), join(model, file));
  }
  ftp = await serveFtp(remote);
  http = await serveHttp((request, response) => {
    const file = join(remote, decodeURIComponent(new URL(request.url!, 'http://host').pathname));
    if (existsSync(file)) answerFile(request, response, { bytes: readFileSync(file), etag: '"1"' });
    else response.writeHead(404).end();
  });
});
after(async () => {
  await ftp.close();
  await http.close();
});
beforeEach(() => rmSync(path, { recursive: true, force: true }));

const servers: [string, () => string][] = [
  ['FTP', () => `${ftp.url}/base`],
  ['HTTP', () => `${http.url}/base/`],
  ['file', () => pathToFileURL(join(remote, 'base')).href],
];

function fetched(options: Partial<DownloadOptions>): Promise<string> {
  return download({ path, datasetName: 'CK+', verbose: false, retryDelaySeconds: 0.001, ...options });
}

for (const [kind, url] of servers) {
  describe(`download from ${kind}`, () => {
    for (const part of ['train', 'val'] as const) {
      it(`fetches ${part} data and labels`, async () => {
        const place = await fetched({ url: url(), mode: `${part}_data` });
        assert.equal(place, join(path, 'CK+'));
        assert.deepEqual(readdirSync(place).sort(), [`${part}.npy`, `${part}_labels.pkl`]);
        const files = { dataFilename: `${part}.npy`, labelsFilename: `${part}_labels.pkl` };
        const source = await new ExternalDataset(place, 'CK+').open(files);
        assert.deepEqual([source.count, ...source.dims], [2, 2, 1, 4, 1]);
        await source.close();
      });
    }

    it('fetches test data, and tells where they are', async () => {
      const place = await fetched({ url: url(), mode: 'test_data' });
      assert.equal(place, join(path, 'CK+', 'val.npy'));
      assert.deepEqual(readNpy(place).values, values);
    });

    it('fetches a pretrained model, which loads', async () => {
      const name = 'expressions';
      const place = await fetched({ url: url(), mode: 'pretrained', modelName: name, experimentName: 'mine' });
      assert.equal(place, join(path, 'mine_checkpoints', name));
      assert.equal((await readModel(place, name)).params.classes.length, 8);
    });

    it('names the URL of what is not there', async () => {
      await assert.rejects(
        fetched({ url: url(), datasetName: 'AFEW', mode: 'val_data' }),
        (error) => error instanceof DownloadError && error.url.endsWith('/base/data/AFEW/val.npy'),
      );
      assert.deepEqual(readdirSync(join(path, 'AFEW')), []);
    });
  });
}

describe('download', () => {
  it('fetches what is missing only, and tells how far it is', async () => {
    const url = `${http.url}/base`;
    const place = await fetched({ url });
    rmSync(join(place, 'train_labels.pkl'));
    http.requests.length = 0;
    const states: string[] = [];
    await download(
      { path, datasetName: 'CK+', url, verbose: false },
      { onProgress: ({ state, url: file }) => states.push(`${state} ${file.split('/').at(-1)}`) },
    );
    assert.deepEqual(
      [...new Set(states)],
      ['already there train.npy', 'receiving train_labels.pkl', 'complete train_labels.pkl'],
    );
    assert.deepEqual(http.requests, ['HEAD /base/data/CK%2B/train.npy', 'GET /base/data/CK%2B/train_labels.pkl']);
  });

  it('stops when its signal says so', async () => {
    const controller = new AbortController();
    controller.abort();
    const options = { path, datasetName: 'CK+', url: http.url, verbose: false };
    await assert.rejects(download(options, { signal: controller.signal }), { name: 'AbortError' });
  });

  const elsewhere = [
    '../evil.pt',
    '/etc/evil.pt',
    'a/../../evil.pt',
    'a\\..\\..\\evil.pt',
    'C:evil.pt',
    '',
    'a//b',
    '.',
    'a\0b',
  ];
  for (const entry of elsewhere) {
    it(`refuses a model that names the file ${JSON.stringify(entry)}`, async () => {
      const model = join(remote, 'base', 'pretrained_models', 'pstbln', 'evil');
      mkdirSync(model, { recursive: true });
      writeFileSync(join(model, 'evil.json'), JSON.stringify({ model_paths: ['fine.pt', entry] }));
      writeFileSync(join(model, 'fine.pt'), '');
      writeFileSync(join(model, '..', 'evil.pt'), 'evil');
      await assert.rejects(
        fetched({ url: `${http.url}/base`, mode: 'pretrained', modelName: 'evil' }),
        (error) => error instanceof InvalidInputError && /model_paths.*evil\.json/.test(error.message),
      );
      assert.deepEqual(
        readdirSync(path, { recursive: true }).filter((name) => String(name).endsWith('.pt')),
        [],
      );
    });
  }

  it('fetches model files in folders, of any name', async () => {
    const model = join(remote, 'base', 'pretrained_models', 'pstbln', 'odd');
    mkdirSync(join(model, 'sub'), { recursive: true });
    writeFileSync(join(model, 'odd.json'), JSON.stringify({ model_paths: ['sub/a b#?%é.pt'], format: 'pt' }));
    writeFileSync(join(model, 'sub', 'a b#?%é.pt'), 'weights');
    for (const [, url] of servers) {
      const place = await fetched({ url: url(), mode: 'pretrained', modelName: 'odd' });
      assert.equal(readFileSync(join(place, 'sub', 'a b#?%é.pt'), 'utf8'), 'weights');
      rmSync(path, { recursive: true });
    }
  });

  it('refuses metadata that are damaged by their name', async () => {
    const model = join(remote, 'base', 'pretrained_models', 'pstbln', 'broken');
    mkdirSync(model, { recursive: true });
    for (const [text, message] of [
      ['{"model_paths": ["a.pt"', /the metadata.*expected JSON.*broken\.json/],
      ['{}', /model_paths is missing.*broken\.json/],
      ['{"model_paths": []}', /model_paths.*broken\.json/],
    ] as const) {
      writeFileSync(join(model, 'broken.json'), text);
      await assert.rejects(fetched({ url: `${http.url}/base`, mode: 'pretrained', modelName: 'broken' }), message);
      rmSync(path, { recursive: true });
    }
  });

  const refused: [Partial<Record<keyof DownloadOptions, unknown>>, RegExp][] = [
    [{ mode: 'all_data' }, /mode is "all_data", expected .*pretrained/],
    [{ url: 'gopher://host/' }, /url is "gopher:\/\/host\/", expected an ftp, http, https or file URL/],
    [{ url: 'data' }, /url is "data"/],
    [{ datasetName: '../other' }, /datasetName is "\.\.\/other", expected a name without/],
    [{ modelName: '..' }, /modelName is "\.\."/],
    [{ experimentName: '' }, /experimentName is ""/],
    [{ retries: -1 }, /retries is -1/],
    [{ timeoutSeconds: 0 }, /timeoutSeconds is 0/],
    [{ path: '' }, /path is ""/],
  ];
  for (const [options, message] of refused) {
    it(`refuses ${JSON.stringify(options)}`, async () => {
      await assert.rejects(
        fetched(options as Partial<DownloadOptions>),
        (error) =>
          error instanceof InvalidInputError && message.test(error.message) && /from download/.test(error.message),
      );
    });
  }
});
