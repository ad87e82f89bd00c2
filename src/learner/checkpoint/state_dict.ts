/** A tensor of a checkpoint: float32, or PyTorch's int64 counters. */
export interface StoredTensor {
  readonly dims: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** PyTorch's state_dict: tensors by key, in the order of the file. */
export type StateDict = Map<string, StoredTensor>;
