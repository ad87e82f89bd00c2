#!/usr/bin/env node
/// <reference lib="dom" />
// node scripts/make_glyphs.mjs: draws the characters of src/annotate/glyph_data.ts anew, in Chromium, with DejaVu Sans.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { root } from './setup/paths.mjs';

/** The height of an em, pixels. */
const EM = 32;
const FONT = `${EM}px "DejaVu Sans"`;
/** Empty columns to the left and right of each glyph, for strokes that reach over its advance. */
const MARGIN = 2;

const codes = [];
for (let code = 0x20; code < 0x7f; code++) codes.push(code);
for (let code = 0xa0; code < 0x100; code++) codes.push(code);
for (const character of '–…') codes.push(/** @type {number} */ (character.codePointAt(0)));
const text = String.fromCodePoint(...codes);

const executablePath = process.env.FER_CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
const page = await browser.newPage();
const { isThere, ascent, descent, advances, coverage } = await page.evaluate(
  ({ characters, font, margin }) => {
    const canvas = document.createElement('canvas');
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
    context.font = font;
    const whole = context.measureText('x');
    const up = Math.ceil(whole.fontBoundingBoxAscent);
    const down = Math.ceil(whole.fontBoundingBoxDescent);
    const steps = characters.map((character) => context.measureText(character).width);
    const columns = characters.map((_, i) => Math.ceil(/** @type {number} */ (steps[i])) + 2 * margin);
    canvas.width = columns.reduce((sum, each) => sum + each, 0);
    canvas.height = up + down;
    context.font = font;
    context.fillStyle = '#fff';
    let x = 0;
    characters.forEach((character, i) => {
      context.fillText(character, x + margin, up);
      x += /** @type {number} */ (columns[i]);
    });
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const alphas = Array.from({ length: data.length / 4 }, (_, i) => /** @type {number} */ (data[4 * i + 3]));
    return { isThere: document.fonts.check(font), ascent: up, descent: down, advances: steps, coverage: alphas };
  },
  { characters: [...text], font: FONT, margin: MARGIN },
);
await browser.close();
if (!isThere) throw new Error('the font DejaVu Sans is missing (on Debian: apt-get install fonts-dejavu-core)');

// Four bits a pixel are as good to the eye as eight.
const packed = Buffer.alloc(Math.ceil(coverage.length / 2));
coverage.forEach((alpha, i) => {
  packed[i >> 1] = /** @type {number} */ (packed[i >> 1]) | (Math.round((alpha * 15) / 255) << (4 * (i & 1)));
});
const lines = deflateRawSync(packed, { level: 9 })
  .toString('base64')
  .match(/.{1,116}/g);
const file = join(root, 'src', 'annotate', 'glyph_data.ts');
writeFileSync(
  file,
  `// Drawn by scripts/make_glyphs.mjs from DejaVu Sans (https://dejavu-fonts.github.io/License.html: free to use, embed and change).

/** The height of an em, pixels. */
export const GLYPH_EM = ${EM};
/** Rows above and below the base line. */
export const GLYPH_ASCENT = ${ascent};
export const GLYPH_DESCENT = ${descent};
/** Columns to the left and right of a glyph's advance, which is rounded up to whole columns. */
export const GLYPH_MARGIN = ${MARGIN};
/** The characters, in the order of their columns. */
export const GLYPH_CHARACTERS = ${JSON.stringify(text).replaceAll("'", "\\'").replaceAll('\\"', '"').replace(/^"|"$/g, "'")};
/** How far each character moves the pen, pixels. */
export const GLYPH_ADVANCES: readonly number[] = ${JSON.stringify(advances.map((each) => Number(each.toFixed(2))))};
/** Coverage, 4 bits a pixel, the left pixel in the low ones; rows of all characters' columns; deflated, base64. */
export const GLYPH_COVERAGE = \`
${lines?.join('\n')}
\`;
`,
);
console.log(`${file}: ${advances.length} characters`);
