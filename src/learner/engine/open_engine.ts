import type { Device } from '../onnx/device.js';
import type { Engine, EngineName } from './engine.js';
import { OnnxruntimeEngine } from './onnxruntime_engine.js';

export interface EngineOptions {
  readonly engine: EngineName;
  readonly device: Device;
  /** Threads of one run; 0 takes all cores. */
  readonly threads: number;
}

/**
 * Opens what runs the network.
 *
 * @param origin where the options came from, for the error
 * @throws InvalidInputError saying what the engine or the device lacks here and how to get it
 */
export async function openEngine({ engine, device, threads }: EngineOptions, origin: string): Promise<Engine> {
  if (engine === 'onnxruntime') return OnnxruntimeEngine.open(device, threads, origin);
  // Loaded only where it is asked for, like the packages that it needs.
  const { TensorFlowEngine } = await import('./tensorflow_engine.js');
  return TensorFlowEngine.open(device, threads, origin);
}
