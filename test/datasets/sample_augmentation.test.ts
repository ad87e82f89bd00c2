import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { augmentedEpochs } from '../../src/datasets/augmented_source.js';
import { centredSample } from '../../src/datasets/landmark_samples.js';
import {
  changedSample,
  copyCount,
  landmarkShape,
  mirrorSample,
  sampleAugmentationSchema,
  sampleCopies,
  warpTime,
} from '../../src/datasets/sample_augmentation.js';
import { SeededRandom } from '../../src/learner/random/seeded_random.js';
import { inMemory, type SampleSource } from '../../src/learner/samples.js';
import { drawnSequence } from '../support/faces.js';

const FRAMES = 6;
const shape = { frames: FRAMES, points: 'inner' } as const;
const HALF = FRAMES * 51;
const sample = centredSample(drawnSequence(FRAMES), 'inner');
/** The eyes' outer corners among the 51 points. */
const EYES = [19, 28] as const;
const eyeDistance = Math.hypot(sample[EYES[1]]! - sample[EYES[0]]!, sample[HALF + EYES[1]]! - sample[HALF + EYES[0]]!);
const off = { noise: 0, rotation: 0, scale: 0, warp: 0 };

function angles(changed: Float32Array): number[] {
  return Array.from({ length: FRAMES }, (_, frame) => {
    const [right, left] = EYES.map((eye) => frame * 51 + eye) as [number, number];
    return Math.atan2(changed[HALF + left]! - changed[HALF + right]!, changed[left]! - changed[right]!);
  });
}

describe('a mirrored sample', () => {
  const mirrored = mirrorSample(sample, shape);

  it('has x negated and left landmarks exchanged with right ones, in the same order of time', () => {
    // Ends of the brows, outer corners of the eyes, corners of the mouth.
    for (const [left, right] of [
      [0, 9],
      [19, 28],
      [31, 37],
    ] as const) {
      for (let frame = 0; frame < FRAMES; frame++) {
        assert.equal(mirrored[frame * 51 + left], -sample[frame * 51 + right]!);
        assert.equal(mirrored[HALF + frame * 51 + left], sample[HALF + frame * 51 + right]);
      }
    }
    assert.ok(mirrored[EYES[0]]! < mirrored[EYES[1]]!, 'the right eye stays on the left of the image');
  });

  it('mirrored again is the sample', () => {
    const again = mirrorSample(mirrored, shape);
    assert.ok(again.every((value, i) => Math.abs(value - sample[i]!) < 1e-4));
  });
});

describe('a changed sample', () => {
  it('is turned by one angle, which differs from sample to sample', () => {
    const random = new SeededRandom(1);
    const turns = Array.from({ length: 20 }, () =>
      angles(changedSample(sample, shape, { ...off, rotation: 0.3 }, random)),
    );
    const straight = angles(sample);
    for (const turn of turns) {
      const differences = turn.map((angle, frame) => angle - straight[frame]!);
      for (const difference of differences) assert.ok(Math.abs(difference - differences[0]!) < 1e-4);
      assert.ok(Math.abs(differences[0]!) <= 0.3);
    }
    assert.ok(new Set(turns.map(([angle]) => angle!.toFixed(3))).size > 10);
  });

  it('has noise relative to the size of the face', () => {
    for (const size of [1, 10]) {
      const large = sample.map((value) => value * size);
      const noisy = changedSample(large, shape, { ...off, noise: 0.05 }, new SeededRandom(3));
      const square = noisy.reduce((sum, value, i) => sum + (value - large[i]!) ** 2, 0);
      const deviation = Math.sqrt(square / noisy.length) / (eyeDistance * size);
      assert.ok(Math.abs(deviation - 0.05) < 0.005, `${deviation}`);
    }
  });

  it('changes its size about the point below the nose', () => {
    const changed = changedSample(sample, shape, { ...off, scale: 0.2 }, new SeededRandom(5));
    const factor = changed[0]! / sample[0]!;
    assert.ok(factor >= 0.8 && factor <= 1.2 && factor !== 1);
    assert.ok(changed.every((value, i) => Math.abs(value - factor * sample[i]!) < 1e-3));
  });

  it('runs unevenly in time from its first frame to its last one', () => {
    const mouth = (data: Float32Array, frame: number) => data[HALF + frame * 51 + 40]!;
    for (const amount of [0.2, -0.2]) {
      const warped = warpTime(sample, shape, amount);
      assert.equal(mouth(warped, 0), mouth(sample, 0));
      assert.ok(Math.abs(mouth(warped, FRAMES - 1) - mouth(sample, FRAMES - 1)) < 1e-3);
      const ahead = mouth(warped, 2) - mouth(sample, 2);
      assert.equal(Math.sign(ahead), Math.sign(amount) * Math.sign(mouth(sample, FRAMES - 1) - mouth(sample, 0)));
      const steps = Array.from({ length: FRAMES - 1 }, (_, i) => mouth(warped, i + 1) - mouth(warped, i));
      assert.ok(
        steps.every((step) => Math.sign(step) === Math.sign(steps[0]!)),
        'time never goes back',
      );
    }
  });
});

describe('the copies of a sample', () => {
  const augmentation = sampleAugmentationSchema.parse({});
  const copies = () => [...sampleCopies(sample, shape, augmentation, new SeededRandom(7))];

  it('are 14: the original, its mirror image, and three rounds of noise, turning and the mirror images of both', () => {
    assert.equal(copyCount(augmentation), 14);
    const made = copies();
    assert.equal(made.length, 14);
    assert.equal(new Set(made.map(({ suffix }) => suffix)).size, 14);
    assert.deepEqual(made[0]!.data, sample);
    for (let i = 0; i < 14; i += 2) assert.deepEqual(made[i + 1]!.data, mirrorSample(made[i]!.data, shape));
    assert.deepEqual(copies(), made, 'the same again');
  });
});

describe('samples that are changed in each epoch', () => {
  const samples = inMemory({ data: Float32Array.from([...sample, ...sample]), labels: Int32Array.of(0, 1), count: 2 }, [
    2,
    FRAMES,
    51,
    1,
  ]);
  const none = { mirror: 0, noise: 0, rotation: 0, scale: 0, warp: 0 };

  it('are the source itself where nothing is to be changed', () => {
    assert.equal(augmentedEpochs(samples, none, false), samples);
  });

  it('are other ones in another epoch, the same in the same one, and by themselves', async () => {
    const epochs = augmentedEpochs(samples, { ...none, noise: 0.02 }, false);
    assert.ok('epoch' in epochs);
    const drawn = async (source: SampleSource, indices: number[]) => {
      const target = new Float32Array(indices.length * sample.length);
      await source.gather(indices, target);
      return target;
    };
    const first = await drawn(epochs.epoch(1), [0, 1]);
    assert.deepEqual(await drawn(epochs.epoch(1), [1]), first.subarray(sample.length));
    assert.notDeepEqual(await drawn(epochs.epoch(2), [0, 1]), first);
    assert.notDeepEqual(first.subarray(0, sample.length), first.subarray(sample.length));
  });

  it('are refused where they are no landmarks', () => {
    assert.throws(() => augmentedEpochs(samples, { ...none, mirror: 1 }, true), /landmarks, not muscles/);
    assert.throws(() => landmarkShape([2, 5, 309, 1], 'x.npy'), /\(2, T, 51, 1\).*x\.npy/);
  });
});
