import * as ort from 'onnxruntime-node';
import { errorMessage, InvalidInputError } from '../../errors.js';
import { ModelProto } from '../../onnx/onnx_schema.js';
import { type Device, resolveDevice } from './device.js';

export type FeedTensor = ort.Tensor;
export type Session = ort.InferenceSession;

export interface SessionOptions {
  readonly device: Device;
  /** Threads of one run; 0 takes all cores. */
  readonly threads: number;
}

/**
 * Opens a graph with onnxruntime on a device.
 *
 * @param optimization 'basic': without fusing operators, for graphs that are written as they should run
 * @throws InvalidInputError where the device is not to be had, or the bytes are not a model (naming `origin`)
 */
export async function openSession(
  model: Uint8Array,
  options: SessionOptions,
  origin: string,
  optimization: 'basic' | 'all' = 'all',
): Promise<Session> {
  const provider = await resolveDevice(options.device, origin);
  try {
    return await ort.InferenceSession.create(model, {
      executionProviders: [provider === 'webgpu' ? webGpuProvider(model) : provider],
      graphOptimizationLevel: optimization,
      ...(options.threads > 0 ? { intraOpNumThreads: options.threads } : {}),
      // With patterns, a second block as large as the first run's memory would be taken for every new batch size.
      enableMemPattern: false,
      logSeverityLevel: 4,
    });
  } catch (error) {
    throw new InvalidInputError(
      'the model',
      errorMessage(error),
      `a graph that onnxruntime accepts on ${provider}`,
      origin,
    );
  }
}

/** Tensors that a WebGPU shader may read and write on every device that there is. */
const TENSORS_OF_A_SHADER = 8;

/**
 * WebGPU, but for the nodes that it fails on since they have more tensors than a shader may: the split of all parameters
 * and what joins their gradients.
 */
function webGpuProvider(model: Uint8Array): ort.InferenceSession.ExecutionProviderConfig {
  const { graph } = ModelProto.decode(model) as unknown as {
    graph: { node: { name: string; input: string[]; output: string[] }[] };
  };
  const wide = graph.node.filter(({ input, output }) => input.length + output.length > TENSORS_OF_A_SHADER);
  // An empty list is refused.
  return wide.length === 0 ? 'webgpu' : { name: 'webgpu', forceCpuNodeNames: wide.map(({ name }) => name) };
}

export function floatTensor(values: Float32Array, dims: readonly number[]): FeedTensor {
  return new ort.Tensor('float32', values, dims);
}

export function intScalar(value: number): FeedTensor {
  return new ort.Tensor('int64', BigInt64Array.of(BigInt(value)), []);
}

export function floatScalar(value: number): FeedTensor {
  return new ort.Tensor('float32', Float32Array.of(value), []);
}

/** A mask of 0 and 1, one byte each. */
export function maskTensor(values: Uint8Array, dims: readonly number[]): FeedTensor {
  return new ort.Tensor('bool', values, dims);
}

/** One float32 result of a run. */
export function floatResult(results: ort.InferenceSession.ReturnType, name: string): Float32Array {
  const tensor = results[name];
  if (tensor === undefined || !(tensor.data instanceof Float32Array))
    throw new Error(`the graph has no float32 result ${name}`);
  return tensor.data;
}
