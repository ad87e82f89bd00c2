import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Augmentation,
  augmentationSchema,
  augmentWindow,
  blendWithinClasses,
  mirrorWindow,
} from '../../src/datasets/augmentation.js';
import { SeededRandom } from '../../src/learner/random/seeded_random.js';
import { eyeDistance } from '../../src/perception/landmarks/landmarks68.js';
import { drawnFace } from '../support/faces.js';

const none: Augmentation = augmentationSchema.parse({ mirror: 0 });

function still(frames: number): Float32Array {
  const face = drawnFace();
  return Float32Array.from({ length: frames * face.length }, (_, i) => face[i % face.length]!);
}

function standardDeviation(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

describe('augmentation', () => {
  it('leaves a window alone when all is off', () => {
    assert.deepEqual(augmentWindow(still(3), none, new SeededRandom(1)), still(3));
  });

  it('follows from the seed', () => {
    const all = augmentationSchema.parse({ jitter: 0.01, offset: 0.02, turn: 0.02, strength: 0.2 });
    const of = (seed: number) => augmentWindow(still(3), all, new SeededRandom(seed));
    assert.deepEqual(of(1), of(1));
    assert.notDeepEqual(of(1), of(2));
  });

  it('mirrors left onto right: a symmetric face stays as it is, up to a shift', () => {
    const face = drawnFace();
    const mirrored = mirrorWindow(face);
    for (let i = 0; i < 136; i += 2) {
      assert.ok(
        Math.abs(mirrored[i]! + 100 - face[i]!) < 8,
        `x of landmark ${i / 2}: ${mirrored[i]! + 100} and ${face[i]}`,
      );
    }
    assert.deepEqual(mirrorWindow(mirrored), face);
  });

  it('jitters every frame anew, by up to a share of the eye distance', () => {
    const window = still(4);
    const random = new SeededRandom(1);
    const levels = Array.from({ length: 200 }, () => {
      const changed = augmentWindow(window, { ...none, jitter: 0.02 }, random);
      const noise = [...changed].map((value, i) => (value - window[i]!) / eyeDistance(window));
      assert.notEqual(noise[0], noise[136]);
      return standardDeviation(noise);
    });
    assert.ok(Math.min(...levels) < 0.002 && Math.max(...levels) > 0.018 && Math.max(...levels) < 0.022);
  });

  it('offsets all frames alike', () => {
    const window = still(4);
    const changed = augmentWindow(window, { ...none, offset: 0.02 }, new SeededRandom(1));
    const offsets = [...changed].map((value, i) => (value - window[i]!) / eyeDistance(window));
    assert.ok(Math.abs(standardDeviation(offsets.slice(0, 136)) - 0.02) < 0.004);
    for (let i = 0; i < 136; i++) assert.ok(Math.abs(offsets[i]! - offsets[3 * 136 + i]!) < 1e-5);
  });

  it('strengthens displacements from the first frame, which stays', () => {
    const window = still(2);
    window[136] = window[136]! + 10;
    const changed = augmentWindow(window, { ...none, strength: 0.5 }, new SeededRandom(1));
    assert.deepEqual(changed.subarray(0, 136), window.subarray(0, 136));
    assert.notEqual(changed[136], window[136]);
    assert.equal(changed[137], window[137]);
  });

  it('lets time run ahead or behind within the window, whose first and last frame stay', () => {
    const window = still(5);
    for (let i = 0; i < window.length; i++) window[i] = window[i]! + 10 * Math.floor(i / 136);
    const random = new SeededRandom(1);
    const middles = Array.from({ length: 100 }, () => {
      const changed = augmentWindow(window, { ...none, warp: 0.2 }, random);
      for (const frame of [0, 4]) {
        const [first, end] = [frame * 136, (frame + 1) * 136];
        assert.deepEqual(changed.subarray(first, end), window.subarray(first, end));
      }
      const ahead = [...changed].map((value, i) => (value - window[i]!) / 10);
      // All points of a frame go with it.
      assert.ok(ahead.every((value, i) => Math.abs(value - ahead[136 * Math.floor(i / 136)]!) < 1e-4));
      return ahead[2 * 136]!;
    });
    // At most a fifth of the four frames' length in the middle, to either side.
    assert.ok(Math.max(...middles) > 0.7 && Math.max(...middles) <= 0.8);
    assert.ok(Math.min(...middles) < -0.7 && Math.min(...middles) >= -0.8);
  });

  it('blends samples with others of their class only, by no more than it says', () => {
    const labels = Int32Array.from({ length: 40 }, (_, i) => i % 2);
    const data = Float32Array.from({ length: 80 }, (_, i) => (labels[Math.floor(i / 2)] === 0 ? 0 : 10) + (i % 7) / 7);
    const samples = { data: data.slice(), labels, count: 40 };
    blendWithinClasses(samples, 0.5, new SeededRandom(1));
    let moved = 0;
    samples.data.forEach((value, i) => {
      const base = labels[Math.floor(i / 2)] === 0 ? 0 : 10;
      assert.ok(value >= base && value <= base + 1, `${value}`);
      // Half the way to any other value of the class is half of 1 at most.
      assert.ok(Math.abs(value - data[i]!) <= 0.5);
      if (value !== data[i]) moved++;
    });
    assert.ok(moved > 40, `${moved}`);
  });
});
