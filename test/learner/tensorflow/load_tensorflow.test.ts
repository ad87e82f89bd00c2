import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { InvalidInputError } from '../../../src/errors.js';
import { openEngine } from '../../../src/learner/engine/open_engine.js';
import { loadTensorFlow } from '../../../src/learner/tensorflow/load_tensorflow.js';
import { temporaryFolder } from '../../support/folders.js';
import { PLAIN_PLACES } from '../../support/tensorflow_places.js';

const folder = temporaryFolder();

async function refusal(work: Promise<unknown>): Promise<InvalidInputError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof InvalidInputError, String(error));
  return error;
}

describe('TensorFlow.js', () => {
  it('has no webgpu, and says which engine has', async () => {
    const error = await refusal(openEngine({ engine: 'tensorflow', device: 'webgpu', threads: 0 }, 'the command line'));
    assert.match(error.message, /^device is "webgpu", .*engine onnxruntime \(from the command line\)$/);
  });

  it('on cuda says which package is missing and which command builds it', async () => {
    const error = await refusal(loadTensorFlow('cuda', 0, '--device', PLAIN_PLACES));
    assert.match(error.message, /^device is "cuda", expected .*@tensorflow\/tfjs-node-gpu.*\(from --device\)$/);
    assert.match(error.message, /npm run setup:tensorflow -- --gpu/);
  });

  it('where none is installed says which packages there are and which command builds one', async () => {
    for (const device of ['cpu', 'auto'] as const) {
      const error = await refusal(loadTensorFlow(device, 0, '--engine', [folder.path]));
      assert.match(error.message, /^engine is "tensorflow", expected .*\(from --engine\)$/);
      for (const name of ['tfjs-node', 'tfjs-node-gpu', 'tfjs']) {
        assert.ok(error.message.includes(`@tensorflow/${name} `), `${name} in ${error.message}`);
      }
      assert.match(error.message, /npm run setup:tensorflow builds/);
    }
  });

  it('that is installed but does not load is named, and not passed over', async () => {
    // As npm's --ignore-scripts leaves it: the JavaScript without its addon.
    const place = join(folder.path, 'unbuilt');
    const broken = join(place, 'node_modules', '@tensorflow', 'tfjs-node');
    mkdirSync(broken, { recursive: true });
    writeFileSync(join(broken, 'package.json'), '{"main": "index.js"}');
    writeFileSync(join(broken, 'index.js'), "require('./tfjs_binding.node');");
    const error = await refusal(loadTensorFlow('auto', 0, '--engine', [place, ...PLAIN_PLACES]));
    assert.ok(error.message.includes(join(broken, 'index.js')));
    assert.match(error.message, /tfjs_binding\.node.*npm run setup:tensorflow builds one that does/s);
  });

  it('says what it is, and what auto chose', async () => {
    const runtime = await loadTensorFlow('auto', 0, 'the test', PLAIN_PLACES);
    assert.match(
      runtime.description,
      /^tensorflow\.js \d+\.\d+\.\d+ \(@tensorflow\/tfjs, wasm\) on cpu \(chosen by auto\), 1 thread$/,
    );
  });

  it('leaves the active backend as it was, also where the work fails', async () => {
    await tf.setBackend('cpu');
    const runtime = await loadTensorFlow('cpu', 0, 'the test', PLAIN_PLACES);
    assert.equal(tf.getBackend(), 'cpu');
    assert.equal(
      runtime.tidy((loaded) => loaded.getBackend()),
      'wasm',
    );
    assert.equal(tf.getBackend(), 'cpu');
    const fail = () =>
      runtime.tidy((loaded) => {
        loaded.ones([2]);
        throw new Error('on purpose');
      });
    const tensors = runtime.tensorCount();
    assert.throws(fail, /on purpose/);
    assert.equal(tf.getBackend(), 'cpu');
    assert.equal(runtime.tensorCount(), tensors);
  });
});
