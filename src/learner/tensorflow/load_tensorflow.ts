import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import util from 'node:util';
import { errorMessage, InvalidInputError } from '../../errors.js';
import { packageRoot } from '../../package_root.js';
import { threadsText } from '../engine/device_text.js';
import type { Device } from '../onnx/device.js';
import type { TensorFlow } from './tensorflow_operations.js';
import { TensorFlowRuntime } from './tensorflow_runtime.js';

const GPU_PACKAGE = '@tensorflow/tfjs-node-gpu';
const NODE_PACKAGE = '@tensorflow/tfjs-node';
const PLAIN_PACKAGE = '@tensorflow/tfjs';
const WASM_PACKAGE = '@tensorflow/tfjs-backend-wasm';

/** The packages that serve a device, best first; without a GPU, the GPU package runs on the CPU. */
const PACKAGES: Record<Exclude<Device, 'webgpu'>, readonly string[]> = {
  auto: [GPU_PACKAGE, NODE_PACKAGE, PLAIN_PACKAGE],
  cuda: [GPU_PACKAGE],
  cpu: [NODE_PACKAGE, GPU_PACKAGE, PLAIN_PACKAGE],
};

/** What tfjs-node's backend tells of itself. */
interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}

interface InstalledPackage {
  readonly name: string;
  readonly file: string;
  readonly require: NodeJS.Require;
}

/** libtensorflow can be loaded once in a process, with one choice of devices and threads. */
let native: { readonly file: string; readonly threads: number; readonly tf: Promise<TensorFlow> } | undefined;

/**
 * Loads TensorFlow.js out of the best of its packages that is installed: tfjs-node-gpu, tfjs-node, or plain tfjs (on
 * wasm where that package is there, else in JavaScript).
 *
 * @param threads of libtensorflow, where this is the first to load it; 0 takes all cores
 * @param origin where the device was named, for errors
 * @param places folders that packages are looked for from; default: this package, then what set-up built for it
 * @throws InvalidInputError naming the package or the device that is missing, and how to get it
 */
export async function loadTensorFlow(
  device: Device,
  threads: number,
  origin: string,
  places: readonly string[] = packagePlaces(),
): Promise<TensorFlowRuntime> {
  if (device === 'webgpu') {
    const expected = "'cpu', 'cuda' or 'auto' with the engine tensorflow; webgpu is a device of the engine onnxruntime";
    throw new InvalidInputError('device', device, expected, origin);
  }
  const found = findPackage(PACKAGES[device], places);
  if (found === undefined) throw missingPackage(device, origin);
  try {
    return found.name === PLAIN_PACKAGE
      ? await loadPlain(found, device)
      : await loadNative(found, device, threads, origin);
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    const expected =
      `one that loads (${errorMessage(error).trim()}); ${setupCommand(found.name)} builds one that does, ` +
      'or remove this one to do without';
    throw new InvalidInputError(found.name, found.file, expected, origin, { cause: error });
  }
}

/** Where packages are looked for: as this package's code would find them, and where setup:tensorflow puts them. */
function packagePlaces(): string[] {
  const built = join(packageRoot(), '.tensorflow');
  return [dirname(fileURLToPath(import.meta.url)), join(built, 'gpu'), join(built, 'cpu')];
}

function findPackage(names: readonly string[], places: readonly string[]): InstalledPackage | undefined {
  for (const name of names) {
    for (const place of places) {
      const require = createRequire(join(place, 'resolve.js'));
      try {
        return { name, file: require.resolve(name), require };
      } catch {
        // Not installed there.
      }
    }
  }
  return undefined;
}

async function loadNative(
  found: InstalledPackage,
  device: Exclude<Device, 'webgpu'>,
  threads: number,
  origin: string,
): Promise<TensorFlowRuntime> {
  if (native !== undefined && native.file !== found.file) {
    const expected = `the one that this process has loaded already, ${native.file}: take another process for this one`;
    throw new InvalidInputError('the TensorFlow package', found.file, expected, origin);
  }
  native ??= { file: found.file, threads, tf: importNative(found.file, device, threads) };
  const tf = await native.tf;
  const { isUsingGpuDevice, binding } = tf.findBackend('tensorflow') as unknown as NativeBackend;
  if (device === 'cuda' && !isUsingGpuDevice) {
    const expected =
      `a GPU that TensorFlow ${binding.TF_Version} can use: it needs an NVIDIA driver (nvidia-smi lists the GPU) and ` +
      `the CUDA and cuDNN that it was built for, which ${setupCommand(GPU_PACKAGE)} installs with it. Or take cpu`;
    throw new InvalidInputError('device', device, expected, origin);
  }
  const library = `tensorflow ${binding.TF_Version} (${found.name} ${tf.version_core})`;
  const on = `${isUsingGpuDevice ? 'cuda' : 'cpu'}${device === 'auto' ? ' (chosen by auto)' : ''}`;
  const description = `${library} on ${on}, ${threadsText(native.threads)}`;
  return new TensorFlowRuntime(tf, found.name, 'tensorflow', description);
}

async function importNative(file: string, device: Device, threads: number): Promise<TensorFlow> {
  bringBackHelpers();
  // libtensorflow reads these once, as it is loaded.
  const settings = {
    TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? '2',
    ...(threads > 0 ? { TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: String(threads) } : {}),
    ...(device === 'cpu' ? { CUDA_VISIBLE_DEVICES: '-1' } : {}),
  };
  const before = Object.keys(settings).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, settings);
  try {
    return await importPackage(file);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

async function loadPlain({ file, require }: InstalledPackage, device: Device): Promise<TensorFlowRuntime> {
  const tf = await importPackage(file);
  const backend = await startWasm(tf, require);
  const on = `cpu${device === 'auto' ? ' (chosen by auto)' : ''}`;
  return new TensorFlowRuntime(
    tf,
    PLAIN_PACKAGE,
    backend,
    `tensorflow.js ${tf.version_core} (${PLAIN_PACKAGE}, ${backend === 'wasm' ? 'wasm' : 'JavaScript'}) on ${on}, ${threadsText(1)}`,
  );
}

/** Starts the wasm backend where its package is there; answers the backend to take. */
async function startWasm(tf: TensorFlow, require: NodeJS.Require): Promise<'wasm' | 'cpu'> {
  const active = tf.getBackend();
  let backend: 'wasm' | 'cpu' = 'cpu';
  try {
    const file = require.resolve(WASM_PACKAGE);
    const wasm: { setWasmPaths(folder: string): void } = require(file);
    wasm.setWasmPaths(`${dirname(file)}/`);
    backend = 'wasm';
  } catch {
    // The optional package is not installed.
  }
  if (!(await tf.setBackend(backend))) throw new Error(`its backend ${backend} does not start`);
  if (active !== undefined && active !== backend) await tf.setBackend(active);
  return backend;
}

/** Imports a TensorFlow.js, and leaves the backend active that was so before: tfjs-node makes its own the active one. */
async function importPackage(file: string): Promise<TensorFlow> {
  // What all copies of TensorFlow.js in a process share.
  const shared = globalThis as { readonly _tfengine?: { readonly backendName?: string } };
  const active = shared._tfengine?.backendName;
  const { default: tf }: { default: TensorFlow } = await import(pathToFileURL(file).href);
  if (active && active !== tf.getBackend()) await tf.setBackend(active);
  return tf;
}

/**
 * tfjs-node 4.22 calls two helpers of node:util that Node gave up: one is gone from Node 23 on, the other warns from Node
 * 22 on. They get their old meaning back.
 */
function bringBackHelpers(): void {
  const helpers = util as unknown as Record<string, unknown>;
  helpers.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  helpers.isArray = Array.isArray;
}

function missingPackage(device: Device, origin: string): InvalidInputError {
  if (device === 'cuda') {
    const expected =
      `one that is there: the engine tensorflow needs ${GPU_PACKAGE} for it, which is not installed. ` +
      `${setupCommand(GPU_PACKAGE)} builds it (Linux x64, with an NVIDIA driver). Or take cpu`;
    return new InvalidInputError('device', device, expected, origin);
  }
  const expected =
    `one that is installed: it needs ${NODE_PACKAGE} (${setupCommand(NODE_PACKAGE)} builds it), ` +
    `${GPU_PACKAGE} or ${PLAIN_PACKAGE} (npm install ${PLAIN_PACKAGE}). Or take onnxruntime`;
  return new InvalidInputError('engine', 'tensorflow', expected, origin);
}

function setupCommand(name: string): string {
  return name === GPU_PACKAGE ? 'npm run setup:tensorflow -- --gpu' : 'npm run setup:tensorflow';
}
