import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { DEFAULT_MODEL, modelLocation } from '../../src/learner/checkpoint/model_location.js';
import type { AnnotatedImage } from '../../src/pipeline/annotation.js';
import type { ImageExpressions } from '../../src/pipeline/expression_pipeline.js';
import { type AnswerContext, ExpressionWorkerError, WorkerClient } from '../../src/pipeline/worker_client.js';
import type { WorkerStart } from '../../src/pipeline/worker_protocol.js';
import { UNTRAINED_CLASSES, writeUntrainedModel } from '../support/untrained_model.js';

type Happening =
  | 'reset'
  | { failure: string }
  | { tag: number; faces: number; ids: number[] }
  | { tag: number; refused: string }
  | { tag: number; annotated: AnnotatedImage };

/** A worker, and what it says one after the other. */
async function startWorker(start: WorkerStart) {
  const happenings: Happening[] = [];
  const contexts: AnswerContext[] = [];
  let wake = () => {};
  const add = (happening: Happening) => {
    happenings.push(happening);
    wake();
  };
  const client = await WorkerClient.start<number>(start, {
    onFailure: ({ message }) => add({ failure: message }),
    onExpressions: (tag, { faces }: ImageExpressions, context) => {
      contexts.push(context);
      add({ tag, faces: faces.length, ids: faces.map(({ trackId }) => trackId) });
    },
    onReset: () => add('reset'),
    onAnnotated: (tag, annotated) => add({ tag, annotated }),
    onAnnotationFailed: (message) => add({ failure: message }),
    onRefused: (tag, refused) => add({ tag, refused }),
  });
  return {
    client,
    contexts,
    async next(): Promise<Happening> {
      while (happenings.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return happenings.shift()!;
    },
  };
}

const grey = (width = 64) => ({
  encoding: 'mono8',
  width,
  height: 48,
  step: 64,
  isBigendian: 0,
  data: new Uint8Array(64 * 48),
});

describe('WorkerClient', () => {
  let model: Awaited<ReturnType<typeof writeUntrainedModel>>;
  let start: WorkerStart;
  before(async () => {
    model = await writeUntrainedModel();
    const settings = { mcdoRepeats: 5, seed: undefined, maxFaces: 2, smoothingSeconds: 0 };
    start = {
      model: { directory: model.directory, name: model.name },
      device: 'cpu',
      threads: 1,
      landmarkExtractor: 'face_mesh',
      shapePredictor: undefined,
      settings,
    };
  });
  after(() => model.remove());

  it('answers each image, of those that wait only the newest', async () => {
    const { client, contexts, next } = await startWorker(start);
    assert.deepEqual(client.facts.classes, UNTRAINED_CLASSES);
    for (let tag = 0; tag < 5; tag++) client.process(tag, grey(), tag / 30, 'the test');
    assert.deepEqual(await next(), { tag: 0, faces: 0, ids: [] });
    assert.deepEqual(await next(), { tag: 4, faces: 0, ids: [] });
    const [first, second] = contexts as [AnswerContext, AnswerContext];
    assert.ok(first.waitingMilliseconds < 5 && second.waitingMilliseconds > first.waitingMilliseconds);
    assert.ok(second.workerHeapBytes > 1e6);
    assert.equal(client.dropped, 3);
    client.set({ mcdoRepeats: 7, seed: 1, maxFaces: 1, smoothingSeconds: 0 });
    client.process(5, grey(), 1, 'the test');
    assert.deepEqual(await next(), { tag: 5, faces: 0, ids: [] });
    await client.stop();
  });

  it('tells what is wrong with an image, and goes on', async () => {
    const { client, next } = await startWorker(start);
    client.process(1, grey(70), 0, 'the image on /image');
    const refusal = await next();
    assert.ok(typeof refusal === 'object' && 'refused' in refusal && refusal.tag === 1);
    assert.match(refusal.refused, /step is 64, expected at least 70 bytes.*the image on \/image/);
    client.process(2, grey(), 0.1, 'the image on /image');
    assert.deepEqual(await next(), { tag: 2, faces: 0, ids: [] });
    await client.stop();
  });

  it('draws the image that it is asked to draw, and says of it what it is', async () => {
    const { client, next } = await startWorker(start);
    client.process(1, grey(), 0, 'the test', { pixels: true, jpegQuality: 90, idOffset: 0 });
    assert.deepEqual(await next(), { tag: 1, faces: 0, ids: [] });
    const drawn = await next();
    assert.ok(typeof drawn === 'object' && 'annotated' in drawn && drawn.tag === 1);
    const { pixels, jpeg } = drawn.annotated;
    // Without a face it is as it came.
    assert.deepEqual(pixels, { data: new Uint8Array(64 * 48 * 3), width: 64, height: 48 });
    const { format, width, height } = await sharp(jpeg).metadata();
    assert.deepEqual([format, width, height], ['jpeg', 64, 48]);
    client.process(2, grey(), 0.1, 'the test', { pixels: false, jpegQuality: undefined, idOffset: 0 });
    assert.deepEqual(await next(), { tag: 2, faces: 0, ids: [] });
    await client.stop();
  });

  it('says which file of a model is missing', async () => {
    const missing = { ...start, model: { ...start.model, name: 'absent' } };
    await assert.rejects(startWorker(missing), (error: unknown) => {
      assert.ok(error instanceof ExpressionWorkerError);
      assert.match(error.message, new RegExp(join(model.directory, 'absent.json')));
      return true;
    });
  });

  it('stops a worker that is still loading when it is told to', async () => {
    const stop = new AbortController();
    const starting = WorkerClient.start(
      start,
      {
        ...{ onFailure: assert.fail, onReset: assert.fail, onExpressions: assert.fail, onRefused: assert.fail },
        ...{ onAnnotated: assert.fail, onAnnotationFailed: assert.fail },
      },
      stop.signal,
    );
    stop.abort();
    await assert.rejects(starting, /it was stopped while it was loading/);
  });

  it('loads another model, and keeps the old one where that cannot be loaded', async () => {
    const { client, next } = await startWorker(start);
    await assert.rejects(client.loadModel({ ...start.model, name: 'absent' }), /absent\.json/);
    assert.deepEqual(client.facts.classes, UNTRAINED_CLASSES);
    client.process(1, grey(), 0, 'the test');
    assert.deepEqual(await next(), { tag: 1, faces: 0, ids: [] });
    const facts = await client.loadModel(modelLocation(DEFAULT_MODEL));
    assert.ok(facts.classes.includes('Happy'));
    assert.deepEqual(client.facts, facts);
    client.process(2, grey(), 0.1, 'the test');
    assert.deepEqual(await next(), { tag: 2, faces: 0, ids: [] });
    await client.stop();
    await assert.rejects(client.loadModel(start.model), ExpressionWorkerError);
  });

  it('reports a fault of the thread once', async () => {
    const { client, next } = await startWorker(start);
    // Settings that the node's own check would not let through are a fault, not bad input from outside.
    client.set({ mcdoRepeats: 5, seed: undefined, maxFaces: -1, smoothingSeconds: 0 });
    const failure = await next();
    assert.ok(typeof failure === 'object' && 'failure' in failure);
    assert.match(failure.failure, /the expression worker broke.*maxFaces/s);
  });

  it('says nothing once it was stopped', async () => {
    const { client, next } = await startWorker(start);
    client.process(1, grey(), 0, 'the test');
    await client.stop();
    const first = await Promise.race([next(), new Promise((resolve) => setTimeout(resolve, 200, 'silence'))]);
    assert.equal(first, 'silence');
  });
});
