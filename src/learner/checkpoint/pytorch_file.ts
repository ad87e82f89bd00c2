import { pyTorchArchiveBytes, readPyTorchArchive, stateDictOf } from './pytorch_archive.js';
import { TensorReference } from './pytorch_tensor.js';
import type { StateDict } from './state_dict.js';

/** Where training scripts keep the state_dict in a checkpoint that holds more. */
const NESTED_IN = ['state_dict', 'model_state_dict', 'model'];

/**
 * Reads the state_dict in a .pt file that `torch.save` wrote: the file's own, or the one that it holds as `state_dict`,
 * `model_state_dict` or `model`.
 *
 * Tensors of 16 and 64 bits become float32. @throws InvalidInputError naming the file: see `readPyTorchArchive`
 */
export async function readPyTorchFile(bytes: Buffer, origin: string): Promise<StateDict> {
  const archive = await readPyTorchArchive(bytes, origin);
  const { root } = archive;
  const nested =
    root instanceof Map && ![...root.values()].some((value) => value instanceof TensorReference)
      ? NESTED_IN.find((key) => root.get(key) instanceof Map)
      : undefined;
  return nested === undefined
    ? stateDictOf(root, archive, 'the state_dict', origin)
    : stateDictOf((root as Map<unknown, unknown>).get(nested), archive, nested, origin);
}

/** The bytes of a .pt file of a state_dict that `torch.load` reads, also with weights_only. */
export function pyTorchFileBytes(stateDict: StateDict, archiveName: string): Uint8Array {
  return pyTorchArchiveBytes(stateDict, archiveName);
}
