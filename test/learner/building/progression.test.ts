import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ProgressionLimits,
  progression,
  type TrainedCandidate,
} from '../../../src/learner/building/progression.js';

const limits: ProgressionLimits = {
  numLayers: 3,
  numBlocks: 3,
  layerThreshold: 0.1,
  blockThreshold: 0.05,
  criterion: 'train_loss',
};

/** Plays a search against a table of losses by topology; returns the topologies in their order and the result. */
function search(losses: Record<string, number>, changes: Partial<ProgressionLimits> = {}) {
  const trained: TrainedCandidate[] = [];
  for (;;) {
    const { candidates, next, best } = progression(trained, { ...limits, ...changes });
    if (next === null) {
      return {
        order: trained.map(({ topology }) => topology.join()),
        result: trained[best!]!.topology.join(),
        candidates,
      };
    }
    const loss = losses[next.topology.join()];
    assert.ok(loss !== undefined, `asked for [${next.topology}]`);
    trained.push({
      layer: next.topology.length - 1,
      block: next.topology.at(-1)! - 1,
      topology: next.topology,
      parameters: 1,
      trainLoss: loss,
      valLoss: 1 - loss,
      accuracy: null,
      seconds: 1,
    });
  }
}

describe('the progression of the topology', () => {
  it('adds blocks while the loss falls enough, then layers, and goes back to what was there before a poor layer', () => {
    const { order, result, candidates } = search({
      1: 1,
      2: 0.8,
      3: 0.79,
      '2,1': 0.9,
      '2,2': 0.6,
      '2,3': 0.59,
      '2,2,1': 0.59,
      '2,2,2': 0.58,
    });
    assert.deepEqual(order, ['1', '2', '3', '2,1', '2,2', '2,3', '2,2,1', '2,2,2']);
    assert.equal(result, '2,2');
    assert.deepEqual(
      candidates.map(({ kept }) => kept),
      [true, true, false, true, true, false, false, false],
    );
    assert.match(candidates[2]!.reason, /fell by 1\.25 %, not more than the block threshold 0\.05/);
    assert.match(candidates[6]!.reason, /given up.*fell by 1\.67 %.*layer threshold 0\.1/);
  });

  it('ends at the most layers and blocks', () => {
    const { order, result } = search({ 1: 1, 2: 0.5, '2,1': 0.2, '2,2': 0.1 }, { numLayers: 2, numBlocks: 2 });
    assert.deepEqual(order, ['1', '2', '2,1', '2,2']);
    assert.equal(result, '2,2');
  });

  it('tries one block a layer where no more are allowed', () => {
    const { order, result } = search({ 1: 1, '1,1': 0.5, '1,1,1': 0.49 }, { numBlocks: 1 });
    assert.deepEqual(order, ['1', '1,1', '1,1,1']);
    assert.equal(result, '1,1');
  });

  it('goes by the validation loss where asked', () => {
    assert.equal(search({ 1: 0.2, 2: 0.4, 3: 0.41, '2,1': 0.2, '2,2': 0.21 }, { criterion: 'val_loss' }).result, '2');
  });

  it('takes a loss that stays exactly at the threshold for no improvement', () => {
    assert.equal(search({ 1: 1, 2: 0.5, '1,1': 1, '1,2': 1 }, { blockThreshold: 0.5 }).result, '1');
  });

  it('ends where a loss has reached zero', () => {
    assert.equal(search({ 1: 0, 2: 0, '1,1': 0, '1,2': 0 }).result, '1');
  });
});
