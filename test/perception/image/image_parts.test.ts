import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { partsOfImage } from '../../../src/perception/image/image_parts.js';
import { blankImage } from '../../support/clips.js';

describe('partsOfImage', () => {
  for (const divisor of [2, 4]) {
    for (const [width, height] of [
      [640, 480],
      [300, 900],
      [1000, 90],
    ] as const) {
      it(`covers ${width}x${height} with squares of a ${divisor}th, each shared by half with the next`, () => {
        const parts = partsOfImage(blankImage(width, height, 0), divisor);
        const side = Math.max(width, height) / divisor;
        assert.equal(parts.length, (2 * divisor - 1) ** 2);
        assert.ok(parts.every((part) => part.side === side && part.roll === 0));
        // Whatever is half as large as a square lies wholly in one of them.
        for (let x = 0; x <= width - side / 2; x += 10) {
          for (let y = 0; y <= Math.max(0, height - side / 2); y += 10) {
            const holds = (from: number, middle: number, end: number) =>
              from >= middle - side / 2 && Math.min(from + side / 2, end) <= middle + side / 2;
            assert.ok(parts.some(({ centerX, centerY }) => holds(x, centerX, width) && holds(y, centerY, height)));
          }
        }
      });
    }
  }
});
