import { inflateRawSync } from 'node:zlib';
import {
  GLYPH_ADVANCES,
  GLYPH_ASCENT,
  GLYPH_CHARACTERS,
  GLYPH_COVERAGE,
  GLYPH_DESCENT,
  GLYPH_EM,
  GLYPH_MARGIN,
} from './glyph_data.js';

/** A character as pixels of one size. */
export interface Glyph {
  /** How far it moves the pen, pixels. */
  readonly advance: number;
  /** Where its leftmost column is, pixels from the pen. */
  readonly left: number;
  /** Pixels. */
  readonly width: number;
  /** (rows of the font, width): 0 to 255. */
  readonly coverage: Uint8Array;
}

/** The characters of one size. */
export interface GlyphSet {
  /** Rows of every glyph. */
  readonly rows: number;
  /** Of those, rows above the base line. */
  readonly ascent: number;
  readonly glyphs: ReadonlyMap<string, Glyph>;
}

const ROWS = GLYPH_ASCENT + GLYPH_DESCENT;
const CELL_WIDTHS = GLYPH_ADVANCES.map((advance) => Math.ceil(advance) + 2 * GLYPH_MARGIN);
const TOTAL_WIDTH = CELL_WIDTHS.reduce((sum, width) => sum + width, 0);

const sets = new Map<number, GlyphSet>();
/** Sizes whose glyphs are kept: images of one camera need one or two. */
const MOST_SETS = 16;

/**
 * The characters of a size, scaled from those that come with this package; kept for the next time.
 *
 * @param em the font's size, whole pixels, 1 or more
 */
export function glyphsOfSize(em: number): GlyphSet {
  let set = sets.get(em);
  if (set === undefined) {
    if (sets.size >= MOST_SETS) sets.clear();
    set = scaledGlyphs(em);
    sets.set(em, set);
  }
  return set;
}

function scaledGlyphs(em: number): GlyphSet {
  const packed = inflateRawSync(Buffer.from(GLYPH_COVERAGE, 'base64'));
  const scale = em / GLYPH_EM;
  const rows = Math.ceil(ROWS * scale);
  const glyphs = new Map<string, Glyph>();
  let start = 0;
  [...GLYPH_CHARACTERS].forEach((character, i) => {
    const width = Math.ceil(CELL_WIDTHS[i]! * scale);
    const coverage = scaledCoverage(packed, start, CELL_WIDTHS[i]!, scale, width, rows);
    glyphs.set(character, { advance: GLYPH_ADVANCES[i]! * scale, left: -GLYPH_MARGIN * scale, width, coverage });
    start += CELL_WIDTHS[i]!;
  });
  return { rows, ascent: GLYPH_ASCENT * scale, glyphs };
}

/** Each pixel is the mean over the part of the drawn glyph that it covers. */
function scaledCoverage(
  packed: Uint8Array,
  start: number,
  cellWidth: number,
  scale: number,
  width: number,
  rows: number,
): Uint8Array {
  const coverage = new Uint8Array(width * rows);
  const side = 1 / scale;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      let area = 0;
      for (let v = Math.floor(y * side); v < Math.min(ROWS, (y + 1) * side); v++) {
        const tall = Math.min(v + 1, (y + 1) * side) - Math.max(v, y * side);
        for (let u = Math.floor(x * side); u < Math.min(cellWidth, (x + 1) * side); u++) {
          const wide = Math.min(u + 1, (x + 1) * side) - Math.max(u, x * side);
          const at = v * TOTAL_WIDTH + start + u;
          sum += tall * wide * ((packed[at >> 1]! >> (4 * (at & 1))) & 15);
          area += tall * wide;
        }
      }
      coverage[y * width + x] = area > 0 ? Math.round((17 * sum) / area) : 0;
    }
  }
  return coverage;
}
