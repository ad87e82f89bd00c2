import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RgbImage } from '../../src/perception/image/rgb_image.js';
import { sequenceSheetImage, sequenceSheetSvg } from '../../src/report/sequence_sheet.js';
import { layoutSheet } from '../../src/report/sheet_layout.js';

/** Frames of 68 points on a ring, which moves to the right. */
const frames = (count: number) =>
  Array.from({ length: count }, (_, frame) =>
    Float32Array.from({ length: 136 }, (_, i) => (i % 2 === 0 ? 10 * frame + 50 * Math.cos(i) : 50 * Math.sin(i - 1))),
  );
const sequences = [
  { title: 'S1/Happy & <glad>', frames: frames(25) },
  { title: 'S2/Sad', frames: frames(1) },
  { title: 'empty', frames: [] },
];

const isDark = ({ data, width }: RgbImage, x: number, y: number) => data[3 * (y * width + x)]! < 200;

describe('a sheet of sequences', () => {
  it('has a row for each that has frames, and the numbers of those that are drawn, the first and the last among them', () => {
    const { texts, height } = layoutSheet(sequences);
    const titles = texts.filter(({ kind }) => kind === 'title').map(({ text }) => text);
    assert.deepEqual(titles, ['S1/Happy & <glad> (25 frames)', 'S2/Sad (1 frame)']);
    const numbers = texts.filter(({ kind }) => kind === 'number').map(({ text }) => text);
    assert.deepEqual(numbers, ['1', '4', '6', '9', '12', '14', '17', '20', '22', '25', '1']);
    assert.equal(height % 2, 0);
  });

  it('shows the same as SVG and as an image', () => {
    const { width, height, strokes } = layoutSheet(sequences);
    const svg = sequenceSheetSvg(sequences);
    assert.match(svg, /S1\/Happy &amp; &lt;glad&gt; \(25 frames\)/);
    assert.equal(svg.match(/<path/g)!.length, strokes.length);
    const image = sequenceSheetImage(sequences);
    assert.deepEqual([image.width, image.height], [2 * width, 2 * height]);
    for (const { points } of strokes) {
      for (const [x, y] of points) assert.ok(isDark(image, Math.floor(2 * x), Math.floor(2 * y)), `${x}, ${y}`);
    }
    assert.ok(!isDark(image, image.width - 1, image.height - 1));
  });

  it('leaves out points that are no numbers, and draws dots where there are no lines', () => {
    const [broken] = frames(1);
    broken!.fill(Number.NaN, 2 * 36, 2 * 42);
    assert.equal(layoutSheet([{ title: 'x', frames: [broken!] }]).strokes.length, 8);
    const few = { title: 'x', frames: [Float32Array.of(0, 0, 1, 0, 0, 1)] };
    assert.equal(sequenceSheetSvg([few]).match(/<circle/g)!.length, 3);
    const [first] = layoutSheet([few]).strokes;
    const [x, y] = first!.points[0]!;
    assert.ok(isDark(sequenceSheetImage([few]), Math.floor(2 * x), Math.floor(2 * y)));
  });

  it('is refused without anything to draw', () => {
    assert.throws(() => sequenceSheetSvg([sequences[2]!]), RangeError);
  });
});
