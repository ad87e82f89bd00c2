import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { z } from 'zod';
import { errorMessage, InvalidInputError } from '../../errors.js';
import { GraphBuilder } from '../../onnx/graph_builder.js';

/** Where a network runs; 'auto' takes CUDA where onnxruntime can, else the CPU. */
export const deviceSchema = z.enum(['cpu', 'cuda', 'webgpu', 'auto']);
export type Device = z.output<typeof deviceSchema>;

/** A device that onnxruntime was found to work on. */
export type WorkingDevice = Exclude<Device, 'auto'>;

/** The product of a 2x2 matrix with itself, which has to come out right on a device before anything is sent there. */
const PROBE = { input: [1, 2, 3, 4], output: [7, 10, 15, 22], dims: [2, 2] };

const working = new Map<WorkingDevice, Promise<void>>();

/**
 * Finds out whether onnxruntime works on a device, by a small product there; what was found is kept for the process.
 *
 * @param origin where the device was named, for the error
 * @returns the device, or for 'auto' the one that it stands for
 * @throws InvalidInputError saying what is missing for this device and how to get it
 */
export async function resolveDevice(device: Device, origin: string): Promise<WorkingDevice> {
  if (device === 'auto') {
    // Without the library onnxruntime would log the failure as an error of its own.
    if (!cudaLibraryIsInstalled()) return 'cpu';
    return probed('cuda').then(
      () => 'cuda',
      () => 'cpu',
    );
  }
  if (device === 'cpu') return device;
  try {
    if (device === 'cuda' && !cudaLibraryIsInstalled()) throw new Error('its CUDA libraries are not installed');
    await probed(device);
    return device;
  } catch (error) {
    const { needs, reason } = explain(device, errorMessage(error));
    const expected = `a device that onnxruntime-node works on here: ${reason}. ${needs}. Or take cpu`;
    throw new InvalidInputError('device', device, expected, origin, { cause: error });
  }
}

function probed(device: WorkingDevice): Promise<void> {
  let probe = working.get(device);
  if (probe === undefined) {
    probe = multiplyOn(device);
    working.set(device, probe);
  }
  return probe;
}

async function multiplyOn(device: WorkingDevice): Promise<void> {
  const graph = new GraphBuilder('probe');
  const matrix = graph.input('matrix', 'float32', PROBE.dims);
  graph.output(graph.node('MatMul', [matrix, matrix]), 'product', 'float32', PROBE.dims);
  const session = await ort.InferenceSession.create(graph.toBytes(), {
    executionProviders: [device],
    logSeverityLevel: 4,
  });
  try {
    const { product } = await session.run({ matrix: new ort.Tensor('float32', PROBE.input, PROBE.dims) });
    if (String(product?.data) !== String(PROBE.output)) throw new Error(`a product there gives ${product?.data}`);
  } finally {
    await session.release();
  }
}

/** Words for what a device lacks and how to mend it. */
function explain(device: 'cuda' | 'webgpu', message: string): { reason: string; needs: string } {
  const platform = `${process.platform} ${process.arch}`;
  if (device === 'webgpu') {
    const included = ort.listSupportedBackends().some(({ name }) => name === 'webgpu');
    if (!included) {
      return {
        reason: `it has no WebGPU for ${platform}`,
        needs: 'It has for Linux x64, Windows and macOS on arm64',
      };
    }
    return {
      reason: /adapter/i.test(message) ? 'it finds no graphics adapter for WebGPU' : message.trim(),
      needs:
        'WebGPU needs a GPU with its driver; on Linux that is a Vulkan driver with the loader libvulkan.so.1 ' +
        '(Debian and Ubuntu: sudo apt-get install libvulkan1 mesa-vulkan-drivers), and a user who may open /dev/dri',
    };
  }
  if (platform !== 'linux x64') return { reason: `it has no CUDA for ${platform}`, needs: 'It has for Linux x64 only' };
  return {
    reason: message.trim(),
    needs:
      'Its install step fetches them: ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node (set-up skips this, ' +
      'as does ONNXRUNTIME_NODE_INSTALL=skip). CUDA also needs an NVIDIA driver, CUDA 12 and cuDNN 9 on this machine',
  };
}

/** Whether onnxruntime-node's install step has fetched its CUDA libraries. */
function cudaLibraryIsInstalled(): boolean {
  const folder = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')), 'bin');
  const library = /providers_cuda\.(so|dll)$/;
  return existsSync(folder) && readdirSync(folder, { recursive: true }).some((file) => library.test(String(file)));
}
