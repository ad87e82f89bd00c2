import { type Colour, fillBox, fillDisc, strokeLine } from '../annotate/rgb_canvas.js';
import { drawText } from '../annotate/text.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import { strokeMarkup } from './charts/face_drawing.js';
import { markup } from './markup.js';
import { layoutSheet, type SheetSequence } from './sheet_layout.js';

const STYLE =
  'text { font-family: sans-serif } .title { fill: #14171c } .number { fill: #5b6470 } ' +
  'path { fill: none; stroke: #1f5fbf; stroke-width: 1.2; stroke-linejoin: round } circle { fill: #1f5fbf }';

/** The same colours. */
const PAPER: Colour = [0xff, 0xff, 0xff];
const INK: Colour = [0x1f, 0x5f, 0xbf];
const TEXT_COLOURS: Readonly<Record<'title' | 'number', Colour>> = {
  title: [0x14, 0x17, 0x1c],
  number: [0x5b, 0x64, 0x70],
};
const THICKNESS = 1.2;
const DOT_RADIUS = 1.5;
/** Pixels of the image for each of the layout: fine enough for eyes and lips. */
const IMAGE_SCALE = 2;

/**
 * Sequences of landmarks as an SVG file, laid out by layoutSheet.
 *
 * @throws RangeError where there is nothing to draw
 */
export function sequenceSheetSvg(sequences: readonly SheetSequence[]): string {
  const { width, height, texts, strokes } = layoutSheet(sequences);
  const words = texts.map(
    ({ x, y, size, kind, text }) =>
      markup`<text class="${kind}" x="${x}" y="${y}" font-size="${size}">${text}</text>\n`,
  );
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<style>${STYLE}</style>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${words}${strokes.map((stroke) => markup`${strokeMarkup(stroke)}\n`)}</svg>
`.text;
}

/**
 * The same as an image, twice as wide and high.
 *
 * @throws RangeError where there is nothing to draw
 */
export function sequenceSheetImage(sequences: readonly SheetSequence[]): RgbImage {
  const { width, height, texts, strokes } = layoutSheet(sequences);
  const [wide, high] = [IMAGE_SCALE * width, IMAGE_SCALE * height];
  const image = { data: new Uint8Array(3 * wide * high), width: wide, height: high };
  fillBox(image, { x: 0, y: 0, width: wide, height: high }, PAPER);
  for (const { points, closed } of strokes) {
    const path = points.map(([x, y]) => [IMAGE_SCALE * x, IMAGE_SCALE * y] as const);
    if (path.length === 1) fillDisc(image, ...path[0]!, IMAGE_SCALE * DOT_RADIUS, INK);
    const ends = closed ? [...path, path[0]!] : path;
    for (let i = 1; i < ends.length; i++) strokeLine(image, ends[i - 1]!, ends[i]!, INK, IMAGE_SCALE * THICKNESS);
  }
  for (const { x, y, size, kind, text } of texts) {
    drawText(image, text, IMAGE_SCALE * x, IMAGE_SCALE * y, IMAGE_SCALE * size, TEXT_COLOURS[kind]);
  }
  return image;
}
