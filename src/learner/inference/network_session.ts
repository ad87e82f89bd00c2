import type { NetworkPasses } from '../engine/engine.js';
import { classLogits } from '../network/class_logits.js';
import { dropoutMaskShapes, monteCarloRuns } from '../network/dropout_masks.js';
import { outputCount } from '../network/network_shape.js';
import type { NetworkState } from '../network/network_state.js';
import { drawDropoutMasks } from '../onnx/dropout_masks.js';
import { buildInferenceGraph, type InferenceGraph } from '../onnx/inference_graph.js';
import { fedParameters, storedParameters } from '../onnx/parameter_source.js';
import {
  type FeedTensor,
  floatResult,
  floatTensor,
  intScalar,
  openSession,
  type Session,
  type SessionOptions,
} from '../onnx/session.js';
import type { SeededRandom } from '../random/seeded_random.js';

/**
 * Runs a network forward with onnxruntime, without dropout or with Monte Carlo dropout.
 *
 * Opened 'stored', the weights are folded into the graph (fastest; for a finished model); opened 'fed', they are read
 * from the state at every run (for a network that is being trained).
 */
export class NetworkSession implements NetworkPasses {
  private readonly sessions = new Map<
    'evaluation' | 'monteCarlo',
    Promise<{ graph: InferenceGraph; session: Session }>
  >();

  constructor(
    private readonly state: NetworkState,
    private readonly frames: number,
    private readonly weights: 'stored' | 'fed',
    private readonly options: SessionOptions,
  ) {}

  /** The logits (R, N, K) of Monte Carlo passes, or of the one pass without dropout where `mcdoRepeats` is 0. */
  passes(data: Float32Array, count: number, mcdoRepeats: number, random: SeededRandom): Promise<Float32Array> {
    return mcdoRepeats > 0 ? this.monteCarloLogits(data, count, mcdoRepeats, random) : this.logits(data, count);
  }

  /** The logits (N, K) of a batch (N, C, T, V, M), without dropout. */
  async logits(data: Float32Array, count: number): Promise<Float32Array> {
    const { session } = await this.open('evaluation', count * this.state.layout.shape.numPerson);
    const results = await session.run({ ...this.weightFeeds(), data: this.dataTensor(data, count) });
    return classLogits(floatResult(results, 'logits'), this.state.layout.shape);
  }

  /** The logits (R, N, K) of R passes with fresh dropout masks each. */
  async monteCarloLogits(
    data: Float32Array,
    count: number,
    repeats: number,
    random: SeededRandom,
  ): Promise<Float32Array> {
    const { shape } = this.state.layout;
    const faces = count * shape.numPerson;
    const runs = monteCarloRuns(dropoutMaskShapes(shape, this.frames), shape.numPoint, faces, repeats);
    const { graph, session } = await this.open('monteCarlo', faces * runs[0]!.repeats);
    const logits = new Float32Array(repeats * count * outputCount(shape));
    for (const run of runs) {
      const results = await session.run({
        ...this.weightFeeds(),
        ...drawDropoutMasks(graph.masks, shape.numPoint, run.repeats * faces, random),
        data: this.dataTensor(data, count),
        repeats: intScalar(run.repeats),
      });
      logits.set(floatResult(results, 'logits'), run.start * count * outputCount(shape));
    }
    return classLogits(logits, shape);
  }

  async release(): Promise<void> {
    for (const opened of this.sessions.values()) await (await opened).session.release();
    this.sessions.clear();
  }

  /** @param faces of the runs to come: what the products are cut to suit, at the first call */
  private open(mode: 'evaluation' | 'monteCarlo', faces: number): Promise<{ graph: InferenceGraph; session: Session }> {
    let opened = this.sessions.get(mode);
    if (opened === undefined) {
      const { state, frames } = this;
      const { layout } = state;
      const graph = buildInferenceGraph(layout.shape, frames, faces, mode, (builder) =>
        this.weights === 'stored' ? storedParameters(builder, state) : fedParameters(builder, layout),
      );
      opened = openSession(graph.bytes, this.options, 'the network').then((session) => ({ graph, session }));
      this.sessions.set(mode, opened);
    }
    return opened;
  }

  private weightFeeds(): Record<string, FeedTensor> {
    if (this.weights === 'stored') return {};
    const { parameters, statistics } = this.state;
    return {
      parameters: floatTensor(parameters, [parameters.length]),
      statistics: floatTensor(statistics, [statistics.length]),
    };
  }

  private dataTensor(data: Float32Array, count: number): FeedTensor {
    const { inChannels, numPoint, numPerson } = this.state.layout.shape;
    return floatTensor(data, [count, inChannels, this.frames, numPoint, numPerson]);
  }
}
