import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { labelOf, sequenceWindow } from '../../../src/datasets/expression_windows.js';
import { readLandmarkTree } from '../../../src/datasets/landmark_tree.js';
import { viewSamples } from '../../../src/datasets/view_samples.js';
import { readNetworkModel } from '../../../src/learner/checkpoint/model_directory.js';
import { DEFAULT_MODEL, modelLocation } from '../../../src/learner/checkpoint/model_location.js';
import { adaptiveMonteCarlo, type MonteCarloPasses } from '../../../src/learner/inference/adaptive_monte_carlo.js';
import { estimatesOf } from '../../../src/learner/inference/expression_estimate.js';
import { NetworkSession } from '../../../src/learner/inference/network_session.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { NO_SHARED_DATA, sharedData } from '../../support/folders.js';
import { normalValues, smallShape, trainedLookingNetwork } from '../../support/networks.js';

const shape = smallShape({ numClass: 3 });
const frames = 4;
const count = 8;
const sampleSize = shape.inChannels * frames * shape.numPoint * shape.numPerson;
const data = normalValues(count * sampleSize, 3);
const options = { classes: ['a', 'b', 'c'], temperature: 1, mcdoRepeats: 200, errorProbability: 0.05, seed: 3 };

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

const tree = sharedData('ckplus_landmarks');

describe('adaptive Monte Carlo dropout of the default model', { skip: tree === null && NO_SHARED_DATA }, () => {
  it('settles real windows, faint ones too, on what 1,000 passes answer, with a fraction of them', async () => {
    const { directory, name } = modelLocation(DEFAULT_MODEL);
    const { state, params } = await readNetworkModel(directory, name);
    const { classes, temperature, window } = params;
    const { sequence_frames: sequenceFrames, features } = window!;
    const sequences = readLandmarkTree(tree!).filter((_, index) => index % 9 === 0);
    const views = sequences.map((sequence, index) => {
      const ownNeutral = sequenceWindow(sequence, [0]);
      const window = fainter(sequenceWindow(sequence, sequenceFrames), ownNeutral, index % 2 === 0 ? 0.4 : 1);
      return { extractor: 'dlib', window, ownNeutral, label: labelOf(sequence, classes) };
    });
    const { data: real, count: samples } = viewSamples(views, features, sequenceFrames.length);
    const session = new NetworkSession(state, params.num_frames, 'stored', { device: 'cpu', threads: 1 });
    const estimates = await adaptiveMonteCarlo((...args) => session.passes(...args), real, samples, {
      classes,
      temperature,
      mcdoRepeats: 1000,
      errorProbability: 0.01,
      seed: 1,
    });
    const logits = await session.passes(real, samples, 1000, new SeededRandom(2));
    await session.release();
    const many = estimatesOf(logits, samples, classes, 1000, temperature);
    const settled = estimates.filter(({ repeats }) => repeats < 1000);
    assert.ok(settled.length > 0.8 * samples, `${settled.length} of ${samples}`);
    assert.ok(settled.reduce((sum, { repeats }) => sum + repeats, 0) < 100 * settled.length);
    const different = estimates.filter(
      ({ repeats, categoryIndex }, sample) => repeats < 1000 && categoryIndex !== many[sample]!.categoryIndex,
    );
    assert.deepEqual(different, []);
  });
});

/** Landmarks (T, 68, 2) on the way from a face (68, 2), at strength 0, to each frame of a window, at 1. */
function fainter(window: Float32Array, face: Float32Array, strength: number): Float32Array {
  return window.map((value, i) => face[i % face.length]! + strength * (value - face[i % face.length]!));
}
