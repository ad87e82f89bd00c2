import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameRepeats } from '../../../src/camera/opencv/frame_repeats.js';

/** Of frames at these times, in milliseconds; the last of them is when the clip ends. */
function repeats(rateHertz: number, times: readonly number[]): number[] {
  const counted = new FrameRepeats(rateHertz);
  return times.slice(1).map((end, i) => counted.next(times[i]! / 1000, end / 1000));
}

const at25Hertz = Array.from({ length: 11 }, (_, i) => 40 * i);

// What ffmpeg -vf fps=RATE makes of such clips.
describe('frames at another rate', () => {
  it('are each there once at the same rate', () => {
    assert.deepEqual(repeats(25, at25Hertz), Array(10).fill(1));
    assert.deepEqual(repeats(30, [0, 34, 67, 100, 134]), [1, 1, 1, 1]);
  });

  it('are repeated at a higher rate', () => {
    assert.deepEqual(repeats(50, at25Hertz), Array(10).fill(2));
    assert.equal(
      repeats(60, at25Hertz).reduce((a, b) => a + b),
      24,
    );
  });

  it('are left out at a lower rate, the later one of two at the same time staying', () => {
    assert.deepEqual(repeats(5, at25Hertz), [0, 0, 1, 0, 0, 0, 0, 1, 0, 0]);
  });

  it('stay for as long as a gap in the clip lasts', () => {
    assert.deepEqual(repeats(10, [0, 100, 600, 700]), [1, 5, 1]);
  });

  it('begin with the first frame, whenever it comes', () => {
    assert.deepEqual(repeats(10, [5000, 5100, 5200]), [1, 1]);
  });
});
