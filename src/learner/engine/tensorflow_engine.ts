import type { NetworkState } from '../network/network_state.js';
import type { Device } from '../onnx/device.js';
import { loadTensorFlow } from '../tensorflow/load_tensorflow.js';
import { TensorFlowPasses } from '../tensorflow/tensorflow_passes.js';
import type { TensorFlowRuntime } from '../tensorflow/tensorflow_runtime.js';
import { TensorFlowTraining } from '../tensorflow/tensorflow_training.js';
import type { Engine, NetworkPasses, Optimizer, OptimizerState, TrainingStepper } from './engine.js';

/** The network in TensorFlow.js, on libtensorflow where that is installed. */
export class TensorFlowEngine implements Engine {
  readonly name = 'tensorflow';

  constructor(private readonly runtime: TensorFlowRuntime) {}

  /**
   * @param threads of libtensorflow, where this is the first in the process to load it; 0 takes all cores
   * @param origin where the device was named, for the error
   * @throws InvalidInputError saying which package or device is missing and how to get it
   */
  static async open(device: Device, threads: number, origin: string): Promise<TensorFlowEngine> {
    return new TensorFlowEngine(await loadTensorFlow(device, threads, origin));
  }

  describe(): string {
    return this.runtime.description;
  }

  /** How many tensors are alive: constant from call to call. */
  tensorCount(): number {
    return this.runtime.tensorCount();
  }

  async openTraining(
    state: NetworkState,
    frames: number,
    optimizer: Optimizer,
    start?: OptimizerState,
  ): Promise<TrainingStepper> {
    return new TensorFlowTraining(this.runtime, state, frames, optimizer, start);
  }

  async openInference(state: NetworkState, frames: number, weights: 'stored' | 'fed'): Promise<NetworkPasses> {
    return new TensorFlowPasses(this.runtime, weights === 'stored' ? copyOf(state) : state, frames);
  }
}

/** The weights as they are now. */
function copyOf({ layout, parameters, statistics, batchesTracked }: NetworkState): NetworkState {
  return { layout, parameters: parameters.slice(), statistics: statistics.slice(), batchesTracked };
}
