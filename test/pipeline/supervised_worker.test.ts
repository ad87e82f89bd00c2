import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DEFAULT_MODEL, modelLocation } from '../../src/learner/checkpoint/model_location.js';
import type { ImageExpressions } from '../../src/pipeline/expression_pipeline.js';
import { SupervisedWorker } from '../../src/pipeline/supervised_worker.js';
import type { WorkerStart } from '../../src/pipeline/worker_protocol.js';
import { clipFiles, clipsMissing, readFrames } from '../support/clips.js';
import { writeUntrainedModel } from '../support/untrained_model.js';

/** Settings that the node's own check would not let through: they break a worker. */
const BREAKING = { mcdoRepeats: 5, seed: undefined, maxFaces: -1, smoothingSeconds: 0 };

describe('SupervisedWorker', () => {
  let model: Awaited<ReturnType<typeof writeUntrainedModel>>;
  let start: WorkerStart;
  before(async () => {
    model = await writeUntrainedModel();
    start = {
      model: { directory: model.directory, name: model.name },
      device: 'cpu',
      threads: 1,
      landmarkExtractor: 'face_mesh',
      shapePredictor: undefined,
      settings: { mcdoRepeats: 5, seed: undefined, maxFaces: 2, smoothingSeconds: 0 },
    };
  });
  after(() => model.remove());

  /** A worker with what it tells, and a way to wait for it. */
  async function supervised(shortestLifeMilliseconds: number) {
    const told: string[] = [];
    const ids: number[] = [];
    const worker = await SupervisedWorker.start<number>(
      start,
      {
        onExpressions: (tag, { faces }: ImageExpressions) => {
          told.push(`answer ${tag}`);
          ids.push(...faces.map(({ trackId }) => trackId));
        },
        onAnnotated: () => told.push('annotated'),
        onAnnotationFailed: (message) => told.push(message),
        onRefused: (tag) => told.push(`refused ${tag}`),
        onRestart: (message) => told.push(`restart: ${message}`),
        onFailure: (message) => told.push(`failure: ${message}`),
      },
      { shortestLifeMilliseconds },
    );
    const until = async (pattern: RegExp) => {
      for (let waited = 0; !told.some((line) => pattern.test(line)); waited += 20) {
        assert.ok(waited < 10_000, `nothing like ${pattern} in ${told}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    return { worker, told, ids, until };
  }

  it('starts another worker where one breaks, and gives no id twice', { skip: clipsMissing }, async () => {
    const frames = readFrames(clipFiles('asl', '.mkv')[0]!, 4);
    const { worker, told, ids, until } = await supervised(0);
    const show = async (first: number) => {
      for (const [index, { data, width, height }] of frames.entries()) {
        const image = { encoding: 'rgb8', width, height, step: width * 3, isBigendian: 0, data: new Uint8Array(data) };
        worker.process(first + index, image, (first + index) / 30, 'the test');
        await until(new RegExp(`^answer ${first + index}$`));
      }
    };
    await show(0);
    assert.deepEqual([...new Set(ids)], [1]);
    worker.set(BREAKING);
    worker.set(start.settings);
    await until(/^restart: the expression worker broke: .*maxFaces/s);
    assert.equal(worker.isRunning, false);
    worker.process(
      9,
      { encoding: 'mono8', width: 1, height: 1, step: 1, isBigendian: 0, data: new Uint8Array(1) },
      0,
      '',
    );
    assert.equal(worker.dropped, 1);
    while (!worker.isRunning) await new Promise((resolve) => setTimeout(resolve, 20));
    await show(10);
    assert.deepEqual([...new Set(ids)], [1, 2]);
    worker.resetTracks();
    await show(20);
    assert.deepEqual([...new Set(ids)], [1, 2, 3]);
    assert.equal(told.filter((line) => line.startsWith('restart')).length, 1);
    await worker.stop();
  });

  it('counts what it drops when it is stopped, too', async () => {
    const { worker, told } = await supervised(0);
    for (const tag of [1, 2, 3]) {
      const image = {
        encoding: 'mono8',
        width: 64,
        height: 64,
        step: 64,
        isBigendian: 0,
        data: new Uint8Array(64 * 64),
      };
      worker.process(tag, image, tag / 30, 'the test');
    }
    await worker.stop();
    assert.deepEqual(told, []);
    assert.equal(worker.dropped, 3);
  });

  it('gives up where a worker breaks at once', async () => {
    const { worker, told, until } = await supervised(60_000);
    worker.set(BREAKING);
    await until(/^failure: the expression worker broke/);
    assert.equal(told.length, 1);
    await assert.rejects(worker.loadModel(start.model), /there is no expression worker/);
    await worker.stop();
  });

  it('goes on with the model that was loaded last', async () => {
    const { worker, until } = await supervised(0);
    const { classes } = await worker.loadModel(modelLocation(DEFAULT_MODEL));
    await assert.rejects(worker.loadModel({ ...start.model, name: 'absent' }), /absent\.json/);
    assert.ok(classes.includes('Happy'));
    worker.set(BREAKING);
    worker.set(start.settings);
    await until(/^restart/);
    while (!worker.isRunning) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(worker.facts.classes, classes);
    await worker.stop();
  });
});
