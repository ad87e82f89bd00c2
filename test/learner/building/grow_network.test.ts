import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { growNetwork } from '../../../src/learner/building/grow_network.js';
import { initialiseNetwork, type NetworkState } from '../../../src/learner/network/network_state.js';
import { smallShape, trainedLookingNetwork } from '../../support/networks.js';

/** Element of a tensor by its key and indices. */
function element(state: NetworkState, name: string, ...indices: number[]): number {
  const { dims, offset } = state.layout.parameter(name);
  return state.parameters[offset + indices.reduce((flat, index, axis) => flat * dims[axis]! + index, 0)]!;
}

describe('growing a network', () => {
  const small = trainedLookingNetwork(smallShape({ topology: [2, 1] }), 1);

  it('widens the last layer: old channels keep their weights, new ones are as initialised', () => {
    const grown = growNetwork(small, [2, 2], 9);
    const fresh = initialiseNetwork(smallShape({ topology: [2, 2] }), 9);
    const kernel = 'layers.l1.tcn.t_conv.weight';
    assert.deepEqual(grown.layout.parameter(kernel).dims, [6, 6, 9, 1]);
    assert.equal(element(grown, kernel, 2, 1, 4, 0), element(small, kernel, 2, 1, 4, 0));
    assert.equal(element(grown, kernel, 2, 5, 4, 0), element(fresh, kernel, 2, 5, 4, 0));
    assert.equal(element(grown, kernel, 5, 1, 4, 0), element(fresh, kernel, 5, 1, 4, 0));
    assert.equal(
      element(grown, 'layers.l1.bln.rand_graph', 2, 6, 3),
      element(small, 'layers.l1.bln.rand_graph', 2, 6, 3),
    );
    assert.equal(element(grown, 'fc.weight', 3, 2), element(small, 'fc.weight', 3, 2));
    assert.equal(element(grown, 'fc.weight', 3, 4), element(fresh, 'fc.weight', 3, 4));
    assert.equal(element(grown, 'layers.l1.bln.bn.weight', 5), Math.fround(1e-6));
  });

  it('keeps the running statistics of old channels', () => {
    const grown = growNetwork(small, [2, 2], 9);
    const before = small.layout.statisticsOf('layers.l1.tcn.bn');
    const after = grown.layout.statisticsOf('layers.l1.tcn.bn');
    assert.deepEqual(
      [...grown.statistics.subarray(after.offset, after.offset + 6)],
      [...small.statistics.subarray(before.offset, before.offset + 3), 0, 0, 0],
    );
    assert.deepEqual(
      [...grown.statistics.subarray(after.offset + 6, after.offset + 12)],
      [...small.statistics.subarray(before.offset + 3, before.offset + 6), 1, 1, 1],
    );
    assert.equal(grown.batchesTracked, 17);
  });

  it('adds a layer: all before it stays, the classifier starts anew but for its bias', () => {
    const grown = growNetwork(small, [2, 1, 1], 9);
    const fresh = initialiseNetwork(smallShape({ topology: [2, 1, 1] }), 9);
    for (const { name, offset, length } of small.layout.parameters) {
      if (name === 'fc.weight') continue;
      const after = grown.layout.parameter(name);
      assert.deepEqual(
        grown.parameters.subarray(after.offset, after.offset + length),
        small.parameters.subarray(offset, offset + length),
        name,
      );
    }
    assert.equal(element(grown, 'fc.weight', 3, 2), element(fresh, 'fc.weight', 3, 2));
    assert.equal(
      element(grown, 'layers.l2.tcn.t_conv.weight', 1, 1, 1, 0),
      element(fresh, 'layers.l2.tcn.t_conv.weight', 1, 1, 1, 0),
    );
  });

  it('leaves out what the larger network has no more, and leaves the smaller one as it was', () => {
    const before = small.parameters.slice();
    const grown = growNetwork(small, [2, 2], 9);
    assert.ok(small.layout.findParameter('layers.l1.bln.bln_residual.0.weight'));
    assert.equal(grown.layout.findParameter('layers.l1.bln.bln_residual.0.weight'), undefined);
    assert.deepEqual(small.parameters, before);
  });

  for (const topology of [[2, 1], [3, 2], [2], [2, 1, 1, 1], [3, 1, 1]]) {
    it(`refuses to grow [2, 1] into [${topology}]`, () => {
      assert.throws(() => growNetwork(small, topology, 9), /does not grow out of \[2, 1\]/);
    });
  }
});
