import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { glyphsOfSize } from '../../src/annotate/glyphs.js';
import { drawText, textWidth } from '../../src/annotate/text.js';
import { blankImage } from '../support/clips.js';

/** The columns and rows that text touches, drawn at (20, 60) into 200 x 100 pixels, and how much ink it takes. */
function drawn(text: string, em: number) {
  const { data, width } = (() => {
    const image = blankImage(200, 100, 0);
    drawText(image, text, 20, 60, em, [255, 255, 255]);
    return image;
  })();
  const places = [...data.entries()].flatMap(([i, value]) => (i % 3 === 0 && value > 60 ? [i / 3] : []));
  const columns = places.map((at) => at % width);
  const rows = places.map((at) => Math.floor(at / width));
  return {
    left: Math.min(...columns),
    right: Math.max(...columns),
    top: Math.min(...rows),
    bottom: Math.max(...rows),
    ink: data.reduce((sum, value) => sum + value, 0) / 765,
  };
}

describe('drawText', () => {
  it('stands on the base line, as tall as its size says', () => {
    for (const em of [12, 20, 32, 48]) {
      const { left, right, top, bottom } = drawn('H', em);
      assert.ok(Math.abs(bottom - 59) <= 1, `${em}: ${bottom}`);
      // Capitals of this font are 0.73 em tall.
      assert.ok(Math.abs(60 - top - 0.73 * em) <= 1.5, `${em}: ${top}`);
      assert.ok(left >= 20 && right < 20 + textWidth('H', em), `${em}: ${left} to ${right}`);
    }
  });

  it('takes ink in proportion to the square of its size', () => {
    const small = drawn('Happy', 12).ink;
    const large = drawn('Happy', 36).ink;
    assert.ok(Math.abs(large / small - 9) < 0.9, `${large / small}`);
  });

  it('lets wide letters take more room than narrow ones', () => {
    assert.ok(textWidth('WWW', 20) > 2 * textWidth('iii', 20));
    assert.equal(textWidth('', 20), 0);
  });

  it('knows accents in any spelling, and shows what it does not know', () => {
    assert.equal(textWidth('A\u0308rger', 20), textWidth('Ärger', 20));
    assert.ok(drawn('\u0308', 20).ink > 0);
    assert.equal(drawn('喜', 20).ink, drawn('?', 20).ink);
  });

  it('is cut at the edges of the image', () => {
    const image = blankImage(10, 10, 0);
    for (const [x, y] of [
      [-15, 5],
      [5, -3],
      [8, 14],
      [-200, -200],
    ] as const) {
      drawText(image, 'Word', x, y, 20, [255, 0, 0]);
    }
    assert.equal(image.data.length, 300);
  });
});

describe('glyphsOfSize', () => {
  it('keeps what was scaled', () => assert.equal(glyphsOfSize(17), glyphsOfSize(17)));
});
