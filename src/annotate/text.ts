import type { RgbImage } from '../perception/image/rgb_image.js';
import { type Glyph, type GlyphSet, glyphsOfSize } from './glyphs.js';
import { blendPixel, type Colour } from './rgb_canvas.js';

/** Stands for characters that the font lacks; it has those of Western European languages. */
const UNKNOWN = '?';

function glyphOf({ glyphs }: GlyphSet, character: string): Glyph {
  return glyphs.get(character) ?? glyphs.get(UNKNOWN)!;
}

/** How wide a line of text is, pixels. @param em the font's size, whole pixels */
export function textWidth(text: string, em: number): number {
  const set = glyphsOfSize(em);
  return [...text.normalize('NFC')].reduce((sum, character) => sum + glyphOf(set, character).advance, 0);
}

/**
 * Draws a line of text into an image; what is outside the image is left out.
 *
 * @param x where it begins
 * @param baseLine the y of the line that letters stand on
 * @param em the font's size, whole pixels
 */
export function drawText(image: RgbImage, text: string, x: number, baseLine: number, em: number, colour: Colour): void {
  const set = glyphsOfSize(em);
  const top = Math.round(baseLine - set.ascent);
  let pen = x;
  for (const character of text.normalize('NFC')) {
    const glyph = glyphOf(set, character);
    drawGlyph(image, glyph, Math.round(pen + glyph.left), top, set.rows, colour);
    pen += glyph.advance;
  }
}

function drawGlyph(
  { data, width, height }: RgbImage,
  glyph: Glyph,
  left: number,
  top: number,
  rows: number,
  [red, green, blue]: Colour,
): void {
  const firstColumn = Math.max(0, -left);
  const endColumn = Math.min(glyph.width, width - left);
  for (let row = Math.max(0, -top); row < Math.min(rows, height - top); row++) {
    for (let column = firstColumn; column < endColumn; column++) {
      const coverage = glyph.coverage[row * glyph.width + column]!;
      if (coverage === 0) continue;
      blendPixel(data, 3 * ((top + row) * width + left + column), red, green, blue, coverage / 255);
    }
  }
}
