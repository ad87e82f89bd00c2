import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { ExpressionNetwork } from '../../../src/perception/appearance/expression_network.js';
import { faceApiWeights, loadFaceApi, type Tensor } from '../../../src/perception/face_api/face_api.js';
import { normalValues } from '../../support/networks.js';

interface FaceExpressionNet {
  loadFromDisk(folder: string): Promise<void>;
  /** Of squares that are as large as its input: nothing is resized. */
  predictExpressions(input: Tensor): Promise<Readonly<Record<string, number>>>;
}

/** face-api.js's names, in the order of the network's probabilities. */
const NAMES = ['neutral', 'happy', 'sad', 'angry', 'fearful', 'disgusted', 'surprised'];
const PIXELS = 112 * 112 * 3;

/** Smooth and rough patterns of colours, 0 to 255. */
function patterns(count: number): Float32Array {
  const noise = normalValues(count * PIXELS, 5);
  return noise.map((value, i) => {
    const pattern = Math.floor(i / PIXELS);
    const wave = Math.sin((i % 336) / (9 + 7 * pattern)) + Math.cos(i / (336 * (5 + 3 * pattern)));
    return Math.min(255, Math.max(0, 128 + 45 * wave + 12 * pattern * value));
  });
}

describe("face-api.js's expression network on onnxruntime", () => {
  let network: ExpressionNetwork;
  before(async () => {
    network = await ExpressionNetwork.open();
  });
  after(() => network.release());

  it("answers as face-api.js's own, each face of a batch for itself", async () => {
    await loadFaceApi();
    const require = createRequire(import.meta.url);
    const own: FaceExpressionNet = require('face-api.js/dist/face-api.node-wasm.js').nets.faceExpressionNet;
    await own.loadFromDisk(faceApiWeights());
    const { tensor3d }: { tensor3d: (values: Float32Array, shape: number[]) => Tensor } = require('@tensorflow/tfjs');
    const inputs = patterns(4);
    const { probabilities: ours, features } = await network.run(inputs, 4);
    for (let face = 0; face < 4; face++) {
      const input = tensor3d(inputs.slice(face * PIXELS, (face + 1) * PIXELS), [112, 112, 3]);
      const theirs = await own.predictExpressions(input);
      input.dispose();
      NAMES.forEach((name, k) => {
        const difference = Math.abs(ours[face * NAMES.length + k]! - theirs[name]!);
        assert.ok(difference < 1e-4, `face ${face}, ${name}: ${difference} apart`);
      });
    }
    const answers = new Set(Array.from({ length: 4 }, (_, face) => ours.slice(face * 7, face * 7 + 7).join()));
    assert.equal(answers.size, 4);
    const { weights, bias } = network.lastLayer;
    const logits = bias.map((offset, k) => weights[k]!.reduce((sum, weight, i) => sum + weight * features[i]!, offset));
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    logits.forEach((logit, k) => void assert.ok(Math.abs(Math.exp(logit) / total - ours[k]!) < 1e-4));
    assert.equal(features.length, 4 * network.featureCount);
    assert.ok(features.every((value) => value >= 0) && features.some((value) => value > 0));
  });

  it('refuses pixels that are not as many as the faces need', async () => {
    await assert.rejects(network.run(new Float32Array(PIXELS - 1), 1), /37631.*count times \(112, 112, 3\)/s);
    await assert.rejects(network.run(new Float32Array(0), 0), /count 1 or more/);
  });
});
