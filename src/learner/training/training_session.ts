import type { Optimizer, OptimizerState, TrainingBatch, TrainingStepper } from '../engine/engine.js';
import { startingVectors } from '../engine/optimizer_state.js';
import { outputCount } from '../network/network_shape.js';
import type { NetworkState } from '../network/network_state.js';
import { drawDropoutMasks } from '../onnx/dropout_masks.js';
import type { MaskInput } from '../onnx/lowering.js';
import {
  type FeedTensor,
  floatResult,
  floatScalar,
  floatTensor,
  openSession,
  type Session,
  type SessionOptions,
} from '../onnx/session.js';
import { buildTrainingGraph } from '../onnx/training_graph.js';
import type { SeededRandom } from '../random/seeded_random.js';

/** Trains a network step by step with onnxruntime; the network's state is replaced after every step. */
export class TrainingSession implements TrainingStepper {
  /** Vectors that the optimizer keeps, by name. */
  private readonly vectors: Record<string, Float32Array>;
  private steps: number;

  private constructor(
    private readonly session: Session,
    readonly state: NetworkState,
    private readonly frames: number,
    private readonly optimizer: Optimizer,
    private readonly masks: readonly MaskInput[],
    start: OptimizerState | undefined,
  ) {
    this.vectors = startingVectors(optimizer.name, state.layout.parameterCount, start);
    this.steps = start?.steps ?? 0;
  }

  /**
   * @param state trained in place
   * @param start where the optimizer goes on; left out, it begins anew
   */
  static async open(
    state: NetworkState,
    frames: number,
    optimizer: Optimizer,
    options: SessionOptions,
    start?: OptimizerState,
  ): Promise<TrainingSession> {
    const { bytes, masks } = buildTrainingGraph(state.layout.shape, frames, optimizer);
    const session = await openSession(bytes, options, 'the training step of this network', 'basic');
    return new TrainingSession(session, state, frames, optimizer, masks, start);
  }

  /** One update; returns the loss and the logits (N, K) from before it. */
  async step(
    batch: TrainingBatch,
    learningRate: number,
    random: SeededRandom,
  ): Promise<{ loss: number; logits: Float32Array }> {
    const { state, frames } = this;
    const { shape, parameterCount, statisticsCount } = state.layout;
    const { count } = batch;
    this.steps++;
    const feeds: Record<string, FeedTensor> = {
      ...drawDropoutMasks(this.masks, shape.numPoint, count * shape.numPerson, random),
      data: floatTensor(batch.data, [count, shape.inChannels, frames, shape.numPoint, shape.numPerson]),
      targets: floatTensor(batch.targets, [count, outputCount(shape)]),
      sample_weights: floatTensor(batch.sampleWeights, [count]),
      parameters: floatTensor(state.parameters, [parameterCount]),
      statistics: floatTensor(state.statistics, [statisticsCount]),
      learning_rate: floatScalar(learningRate),
      weight_decay: floatScalar(this.optimizer.weightDecay),
    };
    if (this.optimizer.name === 'sgd') feeds.momentum = floatScalar(this.optimizer.momentum);
    else feeds.step = floatScalar(this.steps);
    for (const [name, values] of Object.entries(this.vectors)) feeds[name] = floatTensor(values, [parameterCount]);

    const results = await this.session.run(feeds);
    state.parameters.set(floatResult(results, 'next_parameters'));
    state.statistics.set(floatResult(results, 'next_statistics'));
    state.batchesTracked++;
    for (const name of Object.keys(this.vectors)) this.vectors[name] = floatResult(results, `next_${name}`);
    return { loss: floatResult(results, 'loss')[0]!, logits: floatResult(results, 'logits') };
  }

  optimizerState(): OptimizerState {
    const vectors = Object.entries(this.vectors).map(([name, values]) => [name, values.slice()] as const);
    return { steps: this.steps, vectors: Object.fromEntries(vectors) };
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}
