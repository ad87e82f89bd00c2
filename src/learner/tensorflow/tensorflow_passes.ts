import type { NetworkPasses } from '../engine/engine.js';
import { classLogits } from '../network/class_logits.js';
import { drawKeepMask, dropoutMaskShapes, type KeepMask, monteCarloRuns } from '../network/dropout_masks.js';
import { outputCount } from '../network/network_shape.js';
import type { NetworkState } from '../network/network_state.js';
import { pstbln } from '../network/pstbln.js';
import type { SeededRandom } from '../random/seeded_random.js';
import {
  type ParameterTensors,
  parameterTensors,
  type TensorFlow,
  tensorFlowOperations,
} from './tensorflow_operations.js';
import type { TensorFlowRuntime } from './tensorflow_runtime.js';

/** Elements of the widest feature map that are computed at once: some dozens of such maps are alive in a pass. */
const ELEMENTS_AT_ONCE = 2 ** 21;

interface UploadedNetwork {
  readonly tf: TensorFlow;
  readonly parameters: ParameterTensors;
}

/**
 * Applies a network with TensorFlow.js, without dropout or with Monte Carlo dropout: the masks of a seed are those of
 * the engine onnxruntime.
 */
export class TensorFlowPasses implements NetworkPasses {
  /** @param state read at every call, or a copy of a finished model's */
  constructor(
    private readonly runtime: TensorFlowRuntime,
    private readonly state: NetworkState,
    private readonly frames: number,
  ) {}

  async passes(data: Float32Array, count: number, mcdoRepeats: number, random: SeededRandom): Promise<Float32Array> {
    const logits = await this.runtime.tidy((tf) => {
      const network = { tf, parameters: parameterTensors(tf, this.state) };
      return mcdoRepeats === 0
        ? this.withoutDropout(network, data, count)
        : this.withDropout(network, data, count, mcdoRepeats, random);
    });
    return classLogits(logits, this.state.layout.shape);
  }

  /** Nothing outlives a call. */
  async release(): Promise<void> {}

  private withDropout(
    network: UploadedNetwork,
    data: Float32Array,
    count: number,
    mcdoRepeats: number,
    random: SeededRandom,
  ): Float32Array {
    const { shape } = this.state.layout;
    const faces = count * shape.numPerson;
    const maskShapes = dropoutMaskShapes(shape, this.frames);
    const rows = count * outputCount(shape);
    const logits = new Float32Array(mcdoRepeats * rows);
    for (const { start: done, repeats: now } of monteCarloRuns(maskShapes, shape.numPoint, faces, mcdoRepeats)) {
      const masks = maskShapes.map((mask) => drawKeepMask(mask, shape.numPoint, now * faces, random));
      const atOnce = Math.max(1, Math.floor(ELEMENTS_AT_ONCE / (faces * this.elementsPerFace())));
      for (let start = 0; start < now; start += atOnce) {
        const repeats = Math.min(atOnce, now - start);
        const part = masks.map((mask) => facesOf(mask, start * faces, (start + repeats) * faces));
        logits.set(this.run(network, data, count, repeats, part), (done + start) * rows);
      }
    }
    return logits;
  }

  private withoutDropout(network: UploadedNetwork, data: Float32Array, count: number): Float32Array {
    const { numPerson } = this.state.layout.shape;
    const outputs = outputCount(this.state.layout.shape);
    const size = data.length / Math.max(1, count);
    const logits = new Float32Array(count * outputs);
    const atOnce = Math.max(1, Math.floor(ELEMENTS_AT_ONCE / (numPerson * this.elementsPerFace())));
    for (let start = 0; start < count; start += atOnce) {
      const now = Math.min(atOnce, count - start);
      const part = data.subarray(start * size, (start + now) * size);
      logits.set(this.run(network, part, now, 1, null), start * outputs);
    }
    return logits;
  }

  private run(
    { tf, parameters }: UploadedNetwork,
    data: Float32Array,
    count: number,
    repeats: number,
    masks: readonly KeepMask[] | null,
  ): Float32Array {
    const { state, frames } = this;
    const { shape } = state.layout;
    let logits = new Float32Array();
    tf.tidy(() => {
      const operations = tensorFlowOperations({
        tf,
        state,
        parameters,
        data: tf.tensor5d(data, [count, shape.inChannels, frames, shape.numPoint, shape.numPerson]),
        repeats,
        batchStatistics: false,
        masks: masks?.map(({ values, dims }) => tf.tensor4d(values, [...dims], 'bool')) ?? null,
      });
      logits = Float32Array.from(pstbln(operations, shape).dataSync());
    });
    return logits;
  }

  /** Elements of the widest feature map of one face: the three graphs' products lie side by side. */
  private elementsPerFace(): number {
    const { topology, blockSize, inChannels, numPoint } = this.state.layout.shape;
    return 3 * Math.max(inChannels, ...topology.map((blocks) => blocks * blockSize)) * this.frames * numPoint;
  }
}

/** A mask's part for the faces `from` to `to`. */
function facesOf({ values, dims }: KeepMask, from: number, to: number): KeepMask {
  const [channels, frames, faces, points] = dims;
  if (from === 0 && to === faces) return { values, dims };
  const part = new Uint8Array(channels * frames * (to - from) * points);
  for (let map = 0; map < channels * frames; map++) {
    const start = map * faces * points;
    part.set(values.subarray(start + from * points, start + to * points), map * (to - from) * points);
  }
  return { values: part, dims: [channels, frames, to - from, points] };
}
