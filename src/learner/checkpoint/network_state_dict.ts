import { InvalidInputError } from '../../errors.js';
import { indexOfNonFinite } from '../finite.js';
import { type NetworkShape, parseNetworkShape } from '../network/network_shape.js';
import type { NetworkState } from '../network/network_state.js';
import { ParameterLayout } from '../network/parameter_layout.js';
import type { StateDict, StoredTensor } from './state_dict.js';

/** The state_dict of a network, its keys in the order of PyTorch's module. */
export function toStateDict(state: NetworkState): StateDict {
  const { layout, parameters, statistics } = state;
  const stateDict: StateDict = new Map();
  for (const { name, dims, offset, length } of layout.parameters) {
    stateDict.set(name, { dims, values: parameters.slice(offset, offset + length) });
    const batchNorm = name.endsWith('.bias') ? name.slice(0, -'.bias'.length) : null;
    const entry = layout.statistics.find((candidate) => candidate.name === batchNorm);
    if (entry === undefined) continue;
    const dimsOf = [entry.length];
    const middle = entry.offset + entry.length;
    stateDict.set(`${batchNorm}.running_mean`, { dims: dimsOf, values: statistics.slice(entry.offset, middle) });
    stateDict.set(`${batchNorm}.running_var`, {
      dims: dimsOf,
      values: statistics.slice(middle, middle + entry.length),
    });
    stateDict.set(`${batchNorm}.num_batches_tracked`, {
      dims: [],
      values: BigInt64Array.of(BigInt(state.batchesTracked)),
    });
  }
  return stateDict;
}

/** A flat vector of the parameters' length as tensors by parameter: the parameters, or what an optimizer keeps of each. */
export function parameterTensors(layout: ParameterLayout, vector: Float32Array): StateDict {
  return new Map(
    layout.parameters.map(({ name, dims, offset, length }) => [
      name,
      { dims, values: vector.slice(offset, offset + length) },
    ]),
  );
}

/** The flat vector of `parameterTensors`. @throws InvalidInputError naming the key that is missing or of another shape */
export function vectorOf(tensors: StateDict, layout: ParameterLayout, origin: string): Float32Array {
  // Before the vector is made: only tensors that are there can make it large.
  const parts = layout.parameters.map(({ name, dims }) => floatsOf(tensors, name, dims, origin));
  const vector = new Float32Array(layout.parameterCount);
  for (const [i, { offset }] of layout.parameters.entries()) vector.set(parts[i]!, offset);
  return vector;
}

type UntoldNumbers = Pick<NetworkShape, 'blockSize' | 'dropoutRate'> & Partial<Pick<NetworkShape, 'classOfOutput'>>;

/**
 * The network of a state_dict that this package, OpenDR or the paper's own code wrote: keys may start with `module.`,
 * and the graphs may be called `graph_attn`.
 *
 * @param numbers what a state_dict does not tell: channels are whole multiples of `blockSize`
 * @throws InvalidInputError naming the key that is missing, left over or of another shape
 */
export function fromStateDict(stateDict: StateDict, numbers: UntoldNumbers, origin: string): NetworkState {
  const tensors = new Map([...stateDict].map(([key, tensor]) => [canonicalKey(key), tensor]));
  if (tensors.size < stateDict.size) {
    throw new InvalidInputError('the keys', [...stateDict.keys()], 'each once, with or without module.', origin);
  }
  const shape = shapeOf(tensors, numbers, origin);
  const layout = new ParameterLayout(shape);
  const state: NetworkState = {
    layout,
    parameters: vectorOf(tensors, layout, origin),
    statistics: new Float32Array(layout.statisticsCount),
    batchesTracked: 0,
  };
  for (const { name } of layout.parameters) tensors.delete(name);
  for (const { name, offset, length } of layout.statistics) {
    state.statistics.set(floatsOf(tensors, `${name}.running_mean`, [length], origin), offset);
    state.statistics.set(floatsOf(tensors, `${name}.running_var`, [length], origin), offset + length);
    const counter = tensors.get(`${name}.num_batches_tracked`);
    if (counter !== undefined) state.batchesTracked = Math.max(state.batchesTracked, Number(counter.values[0]));
    for (const suffix of ['running_mean', 'running_var', 'num_batches_tracked']) tensors.delete(`${name}.${suffix}`);
  }
  const [leftOver] = tensors.keys();
  if (leftOver !== undefined) {
    throw new InvalidInputError(
      `the key ${leftOver}`,
      tensors.get(leftOver)!.dims,
      'no other keys than PST-BLN has',
      origin,
    );
  }
  return state;
}

function canonicalKey(key: string): string {
  return key.replace(/^module\./, '').replace(/\.graph_attn$/, '.rand_graph');
}

/** Reads the network's numbers off the shapes of its tensors. */
function shapeOf(
  tensors: StateDict,
  { blockSize, dropoutRate, classOfOutput = [] }: UntoldNumbers,
  origin: string,
): NetworkShape {
  const dims = (key: string, rank: number): readonly number[] => {
    const tensor = tensors.get(key);
    if (tensor?.dims.length !== rank)
      throw new InvalidInputError(`the key ${key}`, tensor?.dims, `a tensor of rank ${rank}`, origin);
    return tensor.dims;
  };
  const topology: number[] = [];
  while (tensors.has(`layers.l${topology.length}.tcn.t_conv.bias`)) {
    const channels = dims(`layers.l${topology.length}.tcn.t_conv.bias`, 1)[0]!;
    if (channels % blockSize !== 0) {
      throw new InvalidInputError(
        `the channels of layer ${topology.length}`,
        channels,
        `a multiple of the block size ${blockSize}`,
        origin,
      );
    }
    topology.push(channels / blockSize);
  }
  const numPoint = dims('layers.l0.bln.rand_graph', 3)[2]!;
  const inChannels = dims('layers.l0.bln.g_conv.0.weight', 4)[1]!;
  const numPerson = dims('data_bn.weight', 1)[0]! / (numPoint * inChannels);
  const outputs = dims('fc.bias', 1)[0]!;
  if (classOfOutput.length > 0 && classOfOutput.length !== outputs) {
    throw new InvalidInputError(
      'the outputs of fc',
      outputs,
      `${classOfOutput.length}, as class_of_output has`,
      origin,
    );
  }
  const numClass = classOfOutput.length > 0 ? Math.max(...classOfOutput) + 1 : outputs;
  return parseNetworkShape(
    { topology, blockSize, inChannels, numPoint, numPerson, numClass, classOfOutput, dropoutRate },
    origin,
  );
}

function floatsOf(tensors: StateDict, key: string, dims: readonly number[], origin: string): Float32Array {
  const tensor: StoredTensor | undefined = tensors.get(key);
  if (tensor === undefined)
    throw new InvalidInputError(`the key ${key}`, undefined, `a tensor (${dims.join(', ')})`, origin);
  if (!(tensor.values instanceof Float32Array) || tensor.dims.join() !== dims.join()) {
    throw new InvalidInputError(`the shape of ${key}`, tensor.dims, `(${dims.join(', ')}) of floats`, origin);
  }
  const wrong = indexOfNonFinite(tensor.values);
  if (wrong !== -1) {
    throw new InvalidInputError(`an element of ${key}`, tensor.values[wrong], 'finite numbers', origin);
  }
  return tensor.values;
}
