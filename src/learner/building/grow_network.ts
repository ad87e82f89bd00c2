import type { NetworkShape } from '../network/network_shape.js';
import { initialiseNetwork, type NetworkState } from '../network/network_state.js';

/**
 * A larger network that starts from the weights of a smaller one: every tensor is as initialised (by `seed`), with the
 * smaller network's values where both have an element, so new channels are as initialised.
 *
 * Where a layer was added, the classifier's weights are as initialised too: its inputs are other channels than before.
 *
 * @throws RangeError where `topology` is not the smaller one with its last layer widened, or with one layer more
 */
export function growNetwork(smaller: NetworkState, topology: readonly number[], seed: number): NetworkState {
  const before = smaller.layout.shape;
  checkGrowth(before.topology, topology);
  const shape: NetworkShape = { ...before, topology: [...topology] };
  const grown = initialiseNetwork(shape, seed);
  const layerAdded = topology.length > before.topology.length;
  for (const { name, dims, offset } of smaller.layout.parameters) {
    if (layerAdded && name === 'fc.weight') continue;
    const target = grown.layout.findParameter(name);
    // A residual convolution is gone where in and out channels have become equal.
    if (target !== undefined) copyBlock(smaller.parameters, offset, dims, grown.parameters, target.offset, target.dims);
  }
  for (const { name, offset, length } of smaller.layout.statistics) {
    const target = grown.layout.findStatistics(name);
    if (target === undefined) continue;
    const [means, variances] = [offset, offset + length];
    grown.statistics.set(smaller.statistics.subarray(means, means + length), target.offset);
    grown.statistics.set(smaller.statistics.subarray(variances, variances + length), target.offset + target.length);
  }
  grown.batchesTracked = smaller.batchesTracked;
  return grown;
}

function checkGrowth(before: readonly number[], after: readonly number[]): void {
  const last = before.length - 1;
  const added = after.length === before.length + 1 && after[last] === before[last];
  const widened = after.length === before.length && after[last]! > before[last]!;
  if (!(added || widened) || before.slice(0, last).some((blocks, layer) => blocks !== after[layer])) {
    throw new RangeError(`[${after.join(', ')}] does not grow out of [${before.join(', ')}]`);
  }
}

/** Copies a tensor into the low corner of another of the same rank whose dims are at least as large. */
function copyBlock(
  source: Float32Array,
  sourceOffset: number,
  sourceDims: readonly number[],
  target: Float32Array,
  targetOffset: number,
  targetDims: readonly number[],
): void {
  const [length, ...sourceRest] = sourceDims;
  const targetRest = targetDims.slice(1);
  if (sourceRest.length === 0) {
    target.set(source.subarray(sourceOffset, sourceOffset + length!), targetOffset);
    return;
  }
  const sizeOf = (dims: readonly number[]) => dims.reduce((product, size) => product * size, 1);
  for (let i = 0; i < length!; i++) {
    const from = sourceOffset + i * sizeOf(sourceRest);
    copyBlock(source, from, sourceRest, target, targetOffset + i * sizeOf(targetRest), targetRest);
  }
}
