import { z } from 'zod';
import type { NetworkState } from '../network/network_state.js';
import type { OptimizerName } from '../onnx/optimizers.js';
import type { SeededRandom } from '../random/seeded_random.js';

/** What runs the network: onnxruntime (the default), or TensorFlow.js on whichever TensorFlow is installed. */
export const engineNameSchema = z.enum(['onnxruntime', 'tensorflow']);
export type EngineName = z.output<typeof engineNameSchema>;

/** The rule by which the parameters follow their gradients: PyTorch's SGD or Adam. */
export interface Optimizer {
  readonly name: OptimizerName;
  /** Of sgd. */
  readonly nesterov: boolean;
  /** Of sgd. */
  readonly momentum: number;
  readonly weightDecay: number;
}

/** What an optimizer has gathered, so that a training can go on exactly where it was. */
export interface OptimizerState {
  /** Updates so far. */
  readonly steps: number;
  /** One vector of the parameters' length for each of the names in OPTIMIZER_STATE. */
  readonly vectors: Readonly<Record<string, Float32Array>>;
}

/** A batch to learn from. */
export interface TrainingBatch {
  /** (N, C, T, V, M). */
  readonly data: Float32Array;
  /** Target distributions (N, K): one-hot, or smoothed. */
  readonly targets: Float32Array;
  /** (N); 1/N each for the plain mean. */
  readonly sampleWeights: Float32Array;
  readonly count: number;
}

/** Trains a network step by step. */
export interface TrainingStepper {
  /** Trained in place: it holds the new parameters and statistics after every step. */
  readonly state: NetworkState;
  /** One update; answers the loss and the logits (N, K) from before it. */
  step(
    batch: TrainingBatch,
    learningRate: number,
    random: SeededRandom,
  ): Promise<{ loss: number; logits: Float32Array }>;
  /** A copy of the optimizer's state, which later steps do not change. */
  optimizerState(): OptimizerState;
  release(): Promise<void>;
}

/** Applies a network. */
export interface NetworkPasses {
  /**
   * @param data (N, C, T, V, M)
   * @param count N
   * @returns the logits (R, N, K) of R Monte Carlo passes, or of the one pass without dropout where `mcdoRepeats` is 0
   */
  passes(data: Float32Array, count: number, mcdoRepeats: number, random: SeededRandom): Promise<Float32Array>;
  release(): Promise<void>;
}

/** What the learner needs of that which runs its network. The same seed draws the same dropout masks on every engine. */
export interface Engine {
  readonly name: EngineName;
  /** For people and logs: library, version, device and threads, such as "onnxruntime 1.30.0 on cpu, 2 threads". */
  describe(): string;
  /**
   * @param state trained in place
   * @param frames T of the samples
   * @param start where the optimizer goes on; left out, it begins anew
   * @throws InvalidInputError where `start` is not of this optimizer and network
   */
  openTraining(
    state: NetworkState,
    frames: number,
    optimizer: Optimizer,
    start?: OptimizerState,
  ): Promise<TrainingStepper>;
  /**
   * @param weights 'stored' takes the state's weights as they are now (fastest, for a finished model); 'fed' reads them
   * at every call (for a network that is being trained)
   */
  openInference(state: NetworkState, frames: number, weights: 'stored' | 'fed'): Promise<NetworkPasses>;
}
