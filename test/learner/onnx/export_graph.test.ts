import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { toStateDict } from '../../../src/learner/checkpoint/network_state_dict.js';
import { ExportedNetwork } from '../../../src/learner/checkpoint/onnx_model.js';
import { NetworkSession } from '../../../src/learner/inference/network_session.js';
import { drawKeepMask, dropoutMaskShapes } from '../../../src/learner/network/dropout_masks.js';
import type { NetworkShape } from '../../../src/learner/network/network_shape.js';
import { exportedGraphBytes } from '../../../src/learner/onnx/export_graph.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { ModelProto, type OnnxModel } from '../../../src/onnx/onnx_schema.js';
import { temporaryFolder } from '../../support/folders.js';
import {
  normalValues,
  relativeDifference,
  smallShape,
  testParams,
  trainedLookingNetwork,
} from '../../support/networks.js';
import { hasPythonModule, NO_ONNX, runPyTorch } from '../../support/pytorch.js';

const folder = temporaryFolder();
const session = { device: 'cpu', threads: 1 } as const;

const networks = [
  { name: 'channels that grow, shrink and stay', shape: smallShape({ topology: [2, 1, 1, 3] }), frames: 5 },
  { name: 'strided layers', shape: smallShape({ topology: [1, 1, 1, 1, 1, 2, 2, 2], blockSize: 2 }), frames: 19 },
  { name: 'two faces a sample', shape: smallShape({ numPerson: 2 }), frames: 4 },
  { name: 'no dropout', shape: smallShape({ dropoutRate: 0 }), frames: 4 },
  { name: 'several outputs for a class', shape: smallShape({ classOfOutput: [3, 1, 2, 0, 1, 3] }), frames: 4 },
];

const paramsOf = (shape: NetworkShape, frames: number) => testParams(shape, { num_frames: frames });

function samples(shape: NetworkShape, frames: number, count: number): Float32Array {
  return normalValues(count * shape.inChannels * frames * shape.numPoint * shape.numPerson, 4);
}

const decoded = (bytes: Uint8Array) => ModelProto.decode(bytes) as unknown as OnnxModel;

for (const constantFolding of [false, true]) {
  describe(`a network exported ${constantFolding ? 'with' : 'without'} constant folding`, () => {
    for (const { name, shape, frames } of networks) {
      it(`answers as before, with and without Monte Carlo dropout: ${name}`, async () => {
        const state = trainedLookingNetwork(shape, 3);
        const params = paramsOf(shape, frames);
        const bytes = await exportedGraphBytes(state, params, { constantFolding });
        const exported = await ExportedNetwork.open(bytes, params, session);
        const original = new NetworkSession(state, frames, 'stored', session);
        for (const [count, repeats] of [
          [1, 0],
          [3, 0],
          [17, 0],
          [1, 7],
          [3, 5],
        ] as const) {
          const data = samples(shape, frames, count);
          const ours = await exported.passes(data, count, repeats, new SeededRandom(5));
          const before = await original.passes(data, count, repeats, new SeededRandom(5));
          assert.ok(relativeDifference(ours, before) < 1e-5, `${count} samples, ${repeats} repeats`);
        }
        await exported.release();
        await original.release();
      });
    }

    it('has standard operators only', async () => {
      const { shape, frames } = networks[1]!;
      const bytes = await exportedGraphBytes(trainedLookingNetwork(shape, 3), paramsOf(shape, frames), {
        constantFolding,
      });
      const { graph, opsetImport } = decoded(bytes);
      assert.deepEqual(
        opsetImport.map(({ domain }) => domain),
        [''],
      );
      assert.ok(graph.node.every(({ domain }) => domain === ''));
    });
  });
}

describe('constant folding', () => {
  const shape = smallShape({ topology: [2, 1, 1, 3] });
  const state = trainedLookingNetwork(shape, 3);
  const initializersOf = async (constantFolding: boolean) => {
    const { graph } = decoded(await exportedGraphBytes(state, paramsOf(shape, 5), { constantFolding }));
    return { names: new Set(graph.initializer.map(({ name }) => name)), nodes: graph.node.length };
  };

  it('left out keeps every parameter under its key', async () => {
    const { names } = await initializersOf(false);
    const keys = [...toStateDict(state).keys()].filter((key) => !key.endsWith('num_batches_tracked'));
    assert.deepEqual(
      keys.filter((key) => !names.has(key)),
      [],
    );
  });

  it('leaves no batch normalization, and fewer nodes', async () => {
    const [plain, folded] = [await initializersOf(false), await initializersOf(true)];
    assert.deepEqual(
      [...folded.names].filter((name) => /running_|\bbn\b/.test(name)),
      [],
    );
    assert.ok(folded.nodes < plain.nodes / 2, `${folded.nodes} of ${plain.nodes} nodes`);
  });
});

describe('other ONNX runtimes', { skip: !hasPythonModule('onnxruntime') && NO_ONNX }, () => {
  for (const { name, shape, frames } of networks) {
    it(`answer alike: ${name}`, async () => {
      const state = trainedLookingNetwork(shape, 6);
      const params = paramsOf(shape, frames);
      const tensor = (type: string, dims: readonly number[], values: ArrayLike<number>) => ({
        type,
        dims,
        values: Array.from(values),
      });
      const batch = (count: number) =>
        tensor(
          'float32',
          [count, shape.inChannels, frames, shape.numPoint, shape.numPerson],
          samples(shape, frames, count),
        );
      const [repeats, count] = [4, 3];
      const random = new SeededRandom(5);
      const masks = dropoutMaskShapes(shape, frames).map((mask, layer) => {
        const { dims, values } = drawKeepMask(mask, shape.numPoint, repeats * count * shape.numPerson, random);
        return [`dropout_mask_${layer}`, tensor('bool', dims, values)];
      });
      const dropout = {
        data: batch(count),
        repeats: tensor('int64', [], [repeats]),
        ...Object.fromEntries(masks),
        ...(masks.length > 0 ? { dropout_scale: tensor('float32', [], [1 / (1 - shape.dropoutRate)]) } : {}),
      };
      const runs = [{ data: batch(1) }, { data: batch(3) }, { data: batch(17) }, dropout];
      const files = await Promise.all(
        [false, true].map(async (constantFolding) => {
          const path = join(folder.path, `${name.replaceAll(/\W/g, '_')}_${constantFolding}.onnx`);
          writeFileSync(path, await exportedGraphBytes(state, params, { constantFolding }));
          return path;
        }),
      );
      const casePath = join(folder.path, 'case.json');
      writeFileSync(casePath, JSON.stringify({ files, runs }));
      const answers = runPyTorch<
        Record<string, Record<'reference' | 'onnxruntime', number[][][]> & { required: string[]; metadata: object }>
      >('learner/onnx/other_runtimes.py', [casePath]);

      const network = new NetworkSession(state, frames, 'stored', session);
      const expected = [
        ...(await Promise.all([1, 3, 17].map((n) => network.logits(samples(shape, frames, n), n)))),
        await network.passes(samples(shape, frames, count), count, repeats, new SeededRandom(5)),
      ];
      await network.release();
      for (const path of files) {
        const { reference, onnxruntime, required, metadata } = answers[path]!;
        assert.deepEqual(required, ['data']);
        assert.equal((metadata as { classes: string }).classes, JSON.stringify(params.classes));
        expected.forEach((logits, run) => {
          for (const theirs of [reference[run]!, onnxruntime[run]!]) {
            assert.equal(theirs[0]!.length, shape.numClass);
            assert.ok(relativeDifference(theirs.flat(), logits) < 1e-4, `${path}, run ${run}`);
          }
        });
      }
    });
  }
});
