import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { LandmarkWindow } from '../../../src/perception/window/landmark_window.js';

/** Landmarks whose every value is the given one. */
const landmarks = (value: number) => new Float32Array(136).fill(value);

/** A window that got landmarks of the value f(stamp) at each stamp. */
function filled(stamps: readonly number[], longestAgeSeconds = 1, value = (stamp: number) => stamp) {
  const window = new LandmarkWindow({ longestAgeSeconds });
  for (const stamp of stamps) window.push(stamp, landmarks(value(stamp)));
  return window;
}

const every = (step: number, count: number, start = 0) => Array.from({ length: count }, (_, n) => start + n * step);

/** The first landmark's x at each age. */
function values(window: LandmarkWindow, ages: readonly number[]): number[] | null {
  const resampled = window.resample(ages);
  if (!resampled) return null;
  assert.equal(resampled.landmarks.length, ages.length * 136);
  return ages.map((_, index) => {
    const block = resampled.landmarks.subarray(index * 136, (index + 1) * 136);
    assert.ok(block.every((value) => value === block[0]));
    return block[0]!;
  });
}

function close(actual: readonly number[] | null, expected: readonly number[]) {
  assert.ok(actual, 'the window is not full');
  assert.equal(actual.length, expected.length);
  actual.forEach((value, index) => {
    assert.ok(Math.abs(value - expected[index]!) < 1e-5, `${actual} is not ${expected}`);
  });
}

describe('LandmarkWindow', () => {
  it('gives the landmarks of the images where an age falls on one', () => {
    close(values(filled([0, 0.25, 0.5, 0.75, 1]), [1, 0.5, 0.25, 0]), [0, 0.5, 0.75, 1]);
  });

  it('interpolates between neighbouring images', () => {
    const window = filled([0, 0.5, 1], 1, (stamp) => stamp * stamp * 4); // 0, 1, 4
    close(values(window, [1, 0.75, 0.25, 0.1, 0]), [0, 0.5, 2.5, 3.4, 4]);
  });

  it('takes ages in any order, and the same one twice', () => {
    close(values(filled([0, 0.5, 1]), [0, 1, 0.5, 0.5]), [1, 0, 0.5, 0.5]);
  });

  it('follows each point by itself', () => {
    const window = new LandmarkWindow({ longestAgeSeconds: 0.1 });
    window.push(
      0,
      Float32Array.from({ length: 136 }, (_, n) => n),
    );
    window.push(
      0.1,
      Float32Array.from({ length: 136 }, (_, n) => 3 * n),
    );
    const { landmarks: half } = window.resample([0.05])!;
    assert.ok(half.every((value, n) => Math.abs(value - 2 * n) < 1e-3));
  });

  it('tells the stamps that were used', () => {
    const { startSeconds, endSeconds } = filled([10, 10.5, 11, 11.5]).resample([1, 0])!;
    assert.deepEqual([startSeconds, endSeconds], [10.5, 11.5]);
  });

  for (const { name, stamps, ages, full } of [
    { name: 'nothing', stamps: [], ages: [0], full: false },
    { name: 'one image and age 0', stamps: [5], ages: [0], full: true },
    { name: 'one image and an older age', stamps: [5], ages: [0.1, 0], full: false },
    { name: 'half the age', stamps: every(0.1, 6), ages: [1, 0], full: false },
    { name: 'more than one image too few', stamps: every(0.1, 9), ages: [1, 0], full: false },
    { name: 'one image too few', stamps: every(0.1, 10), ages: [1, 0], full: true },
    { name: 'just the age', stamps: every(0.1, 11), ages: [1, 0], full: true },
    { name: 'a smaller age than the longest', stamps: every(0.1, 4), ages: [0.3, 0], full: true },
  ]) {
    it(`is ${full ? '' : 'not '}full with ${name}`, () => {
      assert.equal(filled(stamps).resample(ages) !== null, full);
    });
  }

  it('lets the oldest landmarks stand for those one image before', () => {
    const window = filled(every(0.1, 10));
    close(values(window, [1, 0.9, 0]), [0, 0, 0.9]);
    assert.equal(window.resample([1, 0])!.startSeconds, 0);
  });

  it('stays bounded and keeps what it needs', () => {
    const window = new LandmarkWindow({ longestAgeSeconds: 1 });
    for (let n = 0; n < 3000; n++) {
      window.push(n / 30, landmarks(n / 30));
      assert.ok(window.length <= 32, `holds ${window.length}`);
      if (n >= 30) close(values(window, [1, 0.5, 0]), [n / 30 - 1, n / 30 - 0.5, n / 30]);
    }
  });

  it('takes stamps of the present day without losing time', () => {
    const start = 1.8e9 + 0.123456789;
    const window = filled(every(1 / 30, 60, start), 1, (stamp) => stamp - start);
    const newest = 59 / 30;
    close(values(window, [1, 0.067, 0.033, 0]), [newest - 1, newest - 0.067, newest - 0.033, newest]);
  });

  it('replaces the newest landmarks when a stamp comes again', () => {
    const window = filled([0, 0.5, 1]);
    window.push(1, landmarks(7));
    assert.equal(window.length, 3);
    close(values(window, [1, 0]), [0, 7]);
  });

  it('starts anew when stamps go back, as when a recording starts over', () => {
    const window = filled(every(0.1, 15, 100));
    window.push(50, landmarks(1));
    assert.equal(window.length, 1);
    assert.equal(window.resample([1, 0]), null);
    for (let n = 1; n <= 10; n++) window.push(50 + n / 10, landmarks(1 + n));
    close(values(window, [1, 0]), [1, 11]);
  });

  it('starts anew after a gap', () => {
    const window = new LandmarkWindow({ longestAgeSeconds: 1, maxGapSeconds: 0.3 });
    for (let n = 0; n < 12; n++) window.push(n / 10, landmarks(0));
    window.push(1.35, landmarks(0));
    assert.ok(window.resample([1, 0]), 'a gap of 0.25 s is none');
    window.push(1.7, landmarks(0));
    assert.equal(window.length, 1);
  });

  for (const { name, act, words } of [
    { name: 'a stamp that is no number', act: () => filled([Number.NaN]), words: /stampSeconds is NaN/ },
    {
      name: 'landmarks of another length',
      act: () => new LandmarkWindow({ longestAgeSeconds: 1 }).push(0, new Float32Array(10)),
      words: /landmarks is 10, expected 136/,
    },
    { name: 'an age beyond the longest', act: () => filled([0, 1]).resample([1.5]), words: /1.5, expected 0 to 1 s/ },
    { name: 'a negative age', act: () => filled([0, 1]).resample([-0.1]), words: /-0.1, expected 0 to 1 s/ },
    {
      name: 'a negative span',
      act: () => new LandmarkWindow({ longestAgeSeconds: -1 }),
      words: /longestAgeSeconds is -1/,
    },
    {
      name: 'an unknown option',
      // @ts-expect-error: the types refuse it too
      act: () => new LandmarkWindow({ longestAgeSeconds: 1, frames: 5 }),
      words: /unknown option frames/,
    },
  ]) {
    it(`refuses ${name}`, () => {
      assert.throws(act, (error) => error instanceof InvalidInputError && words.test(error.message));
    });
  }
});
