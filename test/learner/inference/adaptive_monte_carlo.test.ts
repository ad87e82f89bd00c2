import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adaptiveMonteCarlo, type MonteCarloPasses } from '../../../src/learner/inference/adaptive_monte_carlo.js';
import { NetworkSession } from '../../../src/learner/inference/network_session.js';
import { normalValues, smallShape, trainedLookingNetwork } from '../../support/networks.js';

const shape = smallShape({ numClass: 3 });
const frames = 4;
const count = 8;
const sampleSize = shape.inChannels * frames * shape.numPoint * shape.numPerson;
const data = normalValues(count * sampleSize, 3);
const options = { classes: ['a', 'b', 'c'], temperature: 1, mcdoRepeats: 200, errorProbability: 0.05, seed: 1 };

async function withPasses<T>(use: (passes: MonteCarloPasses) => Promise<T>): Promise<T> {
  const session = new NetworkSession(trainedLookingNetwork(shape, 2), frames, 'stored', { device: 'cpu', threads: 1 });
  try {
    return await use((...args) => session.passes(...args));
  } finally {
    await session.release();
  }
}

describe('adaptive Monte Carlo dropout', () => {
  it('draws fewer passes where the answer is clear, at most mcdoRepeats, and says how many', async () => {
    await withPasses(async (passes) => {
      const drawn: number[] = [];
      const counted: MonteCarloPasses = (sample, samples, repeats, random) => {
        drawn.push(repeats);
        return passes(sample, samples, repeats, random);
      };
      const estimates = await adaptiveMonteCarlo(counted, data, count, options);
      const repeats = estimates.map((estimate) => estimate.repeats);
      assert.equal(
        repeats.reduce((a, b) => a + b),
        drawn.reduce((a, b) => a + b),
      );
      assert.ok(Math.max(...repeats) <= 200 && Math.min(...repeats) < 200, repeats.join());
      assert.ok(new Set(repeats).size > 1, `all alike: ${repeats.join()}`);
      const strict = await adaptiveMonteCarlo(passes, data, count, { ...options, errorProbability: 1e-9 });
      strict.forEach((estimate, sample) => void assert.ok(estimate.repeats >= repeats[sample]!));
    });
  });

  it('draws no more than a small mcdoRepeats, even if it is no multiple of what it draws at a time', async () => {
    await withPasses(async (passes) => {
      const few = await adaptiveMonteCarlo(passes, data, count, {
        ...options,
        mcdoRepeats: 13,
        errorProbability: 1e-9,
      });
      for (const { repeats } of few) assert.equal(repeats, 13);
    });
  });

  it('answers a sample alike for the same seed, alone and in a batch', async () => {
    await withPasses(async (passes) => {
      const together = await adaptiveMonteCarlo(passes, data, count, options);
      for (const sample of [0, 5]) {
        const alone = data.subarray(sample * sampleSize, (sample + 1) * sampleSize);
        assert.deepEqual(await adaptiveMonteCarlo(passes, alone, 1, options), [together[sample]]);
      }
      const other = await adaptiveMonteCarlo(passes, data, count, { ...options, seed: 2 });
      assert.notDeepEqual(other, together);
    });
  });

  it('answers no samples with no estimates', async () => {
    assert.deepEqual(await withPasses((passes) => adaptiveMonteCarlo(passes, new Float32Array(0), 0, options)), []);
  });
});
