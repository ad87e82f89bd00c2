import * as ort from 'onnxruntime-node';
import { NetworkSession } from '../inference/network_session.js';
import type { NetworkState } from '../network/network_state.js';
import { type Device, resolveDevice, type WorkingDevice } from '../onnx/device.js';
import { TrainingSession } from '../training/training_session.js';
import { threadsText } from './device_text.js';
import type { Engine, NetworkPasses, Optimizer, OptimizerState, TrainingStepper } from './engine.js';

/** The network as ONNX graphs, run by onnxruntime-node. */
export class OnnxruntimeEngine implements Engine {
  readonly name = 'onnxruntime';

  private constructor(
    private readonly asked: Device,
    private readonly device: WorkingDevice,
    private readonly threads: number,
  ) {}

  /**
   * @param threads of one run; 0 takes all cores
   * @param origin where the device was named, for the error
   * @throws InvalidInputError saying what the device lacks and how to get it
   */
  static async open(device: Device, threads: number, origin: string): Promise<OnnxruntimeEngine> {
    return new OnnxruntimeEngine(device, await resolveDevice(device, origin), threads);
  }

  describe(): string {
    const choice = this.asked === 'auto' ? ' (chosen by auto)' : '';
    return `onnxruntime ${ort.env.versions.node} on ${this.device}${choice}, ${threadsText(this.threads)}`;
  }

  openTraining(
    state: NetworkState,
    frames: number,
    optimizer: Optimizer,
    start?: OptimizerState,
  ): Promise<TrainingStepper> {
    return TrainingSession.open(state, frames, optimizer, this.sessionOptions(), start);
  }

  async openInference(state: NetworkState, frames: number, weights: 'stored' | 'fed'): Promise<NetworkPasses> {
    return new NetworkSession(state, frames, weights, this.sessionOptions());
  }

  private sessionOptions() {
    return { device: this.device, threads: this.threads };
  }
}
