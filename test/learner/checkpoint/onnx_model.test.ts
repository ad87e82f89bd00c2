import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import type { InferenceParams } from '../../../src/learner/checkpoint/metadata.js';
import { readModel, writeOptimizedModel } from '../../../src/learner/checkpoint/model_directory.js';
import { ExportedNetwork } from '../../../src/learner/checkpoint/onnx_model.js';
import { exportedGraphBytes } from '../../../src/learner/onnx/export_graph.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { GraphBuilder } from '../../../src/onnx/graph_builder.js';
import { damagedFiles, readDamaged } from '../../support/damage.js';
import { temporaryFolder } from '../../support/folders.js';
import { normalValues, smallShape, testParams, trainedLookingNetwork } from '../../support/networks.js';

const folder = temporaryFolder();
const session = { device: 'cpu', threads: 1 } as const;
const shape = smallShape({ topology: [2, 1], blockSize: 2 });
const params = testParams(shape);
let bytes: Uint8Array;
const path = (name: string) => join(folder.path, name);
before(async () => {
  bytes = await exportedGraphBytes(trainedLookingNetwork(shape, 3), params, { constantFolding: true });
  await writeOptimizedModel(folder.path, 'optimized', bytes, params, { lr: 0.1 });
});

const refusedBy = (file: string, message: RegExp) => (error: unknown) =>
  error instanceof InvalidInputError && message.test(error.message) && error.message.includes(file);

describe('an optimized model', () => {
  it("lies on disk as .onnx and .json, with the reference's keys", async () => {
    const metadata = JSON.parse(readFileSync(path('optimized.json'), 'utf8'));
    const { sha256: _, ...written } = metadata.inference_params;
    assert.deepEqual(
      { ...metadata, inference_params: written },
      {
        model_paths: ['optimized.onnx'],
        framework: 'pytorch',
        format: 'onnx',
        has_data: false,
        inference_params: params,
        optimized: true,
        optimizer_info: { lr: 0.1 },
      },
    );
  });

  it('answers alike from memory and from disk', async () => {
    const model = await readModel(folder.path, 'optimized');
    assert.ok(model.kind === 'optimized');
    assert.deepEqual(model.params, params);
    const data = normalValues(3 * shape.inChannels * 5 * shape.numPoint, 4);
    const answers = [];
    for (const contents of [bytes, model.bytes]) {
      const network = await ExportedNetwork.open(contents, params, session);
      answers.push(await network.passes(data, 3, 10, new SeededRandom(1)));
      await network.release();
    }
    assert.deepEqual(answers[0], answers[1]);
    assert.ok(answers[0]!.every(Number.isFinite));
  });

  it('that is damaged anywhere is refused by name, before onnxruntime sees it', async () => {
    writeFileSync(
      path('damaged.json'),
      readFileSync(path('optimized.json'), 'utf8')
        .replace('optimized.onnx', 'damaged.onnx')
        .replace(/,\s+"sha256": "\w+"/, ''),
    );
    const read = async (contents: Buffer) => {
      writeFileSync(path('damaged.onnx'), contents);
      await readModel(folder.path, 'damaged');
      return contents.equals(bytes);
    };
    const refused = await readDamaged(damagedFiles(bytes, 1, 100), path('damaged.onnx'), read, true);
    // The others were zeroed where there were zeros.
    assert.ok(refused > 0.9, `${refused} refused`);
    await assert.rejects(read(Buffer.alloc(0)), refusedBy(path('damaged.onnx'), /its own SHA-256/));
  });

  it('of other metadata is refused by what differs', async () => {
    const differing: [Partial<InferenceParams>, RegExp][] = [
      [{ topology: [2, 1, 1] }, /the graph's inputs.*dropout_mask_2/],
      [{ dropout_rate: 0 }, /the graph's inputs/],
      [{ num_frames: 6 }, /data's shape.*\(N, 2, 6, 7, 1\)/],
      [{ classes: ['a', 'b'] }, /the graph's output.*2 classes/],
    ];
    for (const [difference, message] of differing) {
      await assert.rejects(
        ExportedNetwork.open(bytes, { ...params, ...difference }, session, 'x.onnx'),
        refusedBy('x.onnx', message),
      );
    }
  });

  it('of another program is refused with what to do', async () => {
    const graph = new GraphBuilder('other');
    graph.output(graph.node('Relu', [graph.input('onnx_input', 'float32', ['N', 4])]), 'onnx_output', 'float32', []);
    await assert.rejects(
      ExportedNetwork.open(graph.toBytes(), params, session, 'x.onnx'),
      refusedBy('x.onnx', /load the \.pt of any other \.onnx/),
    );
  });

  it('that OpenDR wrote is refused with what to do', async () => {
    const metadata = JSON.parse(readFileSync(path('optimized.json'), 'utf8'));
    writeFileSync(path('opendr.json'), JSON.stringify({ ...metadata, inference_params: {} }));
    await assert.rejects(readModel(folder.path, 'opendr'), refusedBy(path('opendr.json'), /load its \.pt/));
  });
});
