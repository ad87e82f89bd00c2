import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as ort from 'onnxruntime-node';
import { InvalidInputError } from '../../src/errors.js';
import { SeededRandom } from '../../src/learner/random/seeded_random.js';
import { readModelFile } from '../../src/perception/mediapipe/model_files.js';
import { convertToOnnx } from '../../src/tflite/convert_to_onnx.js';
import { readTfliteModel } from '../../src/tflite/tflite_model.js';
import { type DamagedFile, damagedFiles, readDamaged } from '../support/damage.js';

const { bytes, origin } = readModelFile('face_detection_short_range');
const NAME = 'face_detection_short_range.tflite';
const RESULTS = ['regressors', 'classificators'];

describe('readTfliteModel', () => {
  it('reads the graph: its tensors, its operations in their order, its ends', () => {
    const { tensors, operators, inputs, outputs } = readTfliteModel(bytes, origin);
    assert.deepEqual(tensors[inputs[0]!]!.shape, [1, 128, 128, 3]);
    assert.deepEqual(
      outputs.map((index) => [tensors[index]!.name, tensors[index]!.shape]),
      [
        ['regressors', [1, 896, 16]],
        ['classificators', [1, 896, 1]],
      ],
    );
    const first = operators.find(({ name }) => name !== 'DEQUANTIZE')!;
    assert.equal(first.name, 'CONV_2D');
    assert.deepEqual(tensors[first.outputs[0]!]!.shape, [1, 64, 64, 24]);
    assert.equal(operators.at(-1)!.name, 'CONCATENATION');
  });

  it('reads the names and versions of custom operations', () => {
    const attention = readModelFile('face_landmark_with_attention');
    const { operators } = readTfliteModel(attention.bytes, attention.origin);
    const custom = operators.filter(({ name }) => /[a-z]/.test(name)).map(({ name, version }) => `${name} ${version}`);
    const counts = [...new Set(custom)].sort().map((name) => [name, custom.filter((other) => other === name).length]);
    assert.deepEqual(counts, [
      ['Landmarks2TransformMatrix 2', 3],
      ['TransformLandmarks 2', 5],
      ['TransformTensorBilinear 2', 3],
    ]);
  });

  it('refuses what is no such file', () => {
    assert.throws(() => readTfliteModel(new Uint8Array(0), 'empty.tflite'), /empty\.tflite/);
    assert.throws(() => readTfliteModel(new TextEncoder().encode('a text that is none'), 'a.txt'), InvalidInputError);
  });

  it('refuses damaged files by an error that names them, or reads a sound graph', async () => {
    const convert = (file: Uint8Array) => convertToOnnx(readTfliteModel(file, origin), RESULTS).length;
    const refused = await readDamaged(damagedFiles(bytes, 1, 12), NAME, convert);
    assert.ok(refused > 0.3, `${refused} refused`);
  });

  it('reads nothing out of damaged tables that onnxruntime could not run', async () => {
    let run = 0;
    const refused = await readDamaged(damagedTables(120), NAME, async (file) => {
      const model = readTfliteModel(file, origin);
      const onnx = convertToOnnx(model, RESULTS);
      const session = await ort.InferenceSession.create(onnx, { intraOpNumThreads: 1, logSeverityLevel: 4 });
      const input = new ort.Tensor('float32', new Float32Array(128 * 128 * 3), [1, 128, 128, 3]);
      const results = await session.run({ [model.tensors[model.inputs[0]!]!.name]: input });
      assert.deepEqual(
        RESULTS.map((name) => results[name]!.dims),
        [
          [1, 896, 16],
          [1, 896, 1],
        ],
      );
      await session.release();
      run++;
    });
    assert.ok(refused > 0.3 && run > 10, `${refused} refused, ${run} run`);
  });
});

/** Single bits flipped in all but the weights. */
function* damagedTables(count: number): Generator<DamagedFile> {
  const isWeight = new Uint8Array(bytes.length);
  for (const { data } of readTfliteModel(bytes, origin).tensors) {
    const start = data.byteOffset - bytes.byteOffset;
    isWeight.fill(1, start, start + data.length);
  }
  const random = new SeededRandom(2);
  for (let i = 0; i < count; i++) {
    let position = random.below(bytes.length);
    while (isWeight[position]) position = random.below(bytes.length);
    const damaged = Buffer.from(bytes);
    const bit = random.below(8);
    damaged[position]! ^= 1 << bit;
    yield { damage: `bit ${bit} of byte ${position} flipped`, bytes: damaged };
  }
}
