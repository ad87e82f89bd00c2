import { faceLines, facePlacement } from './charts/face_drawing.js';
import { markup } from './markup.js';

/** A sequence on a sheet. */
export interface SheetSequence {
  readonly title: string;
  /** Each (V, 2), flat; y downwards. Frames with values that are not finite are drawn without those points. */
  readonly frames: readonly Float32Array[];
}

const CELL = { width: 110, height: 120, margin: 6 };
const TITLE_HEIGHT = 20;
/** Frames of a sequence that are drawn at most; of longer ones, some of them, the first and the last among them. */
const MOST_FRAMES = 10;

/**
 * Sequences of landmarks as an SVG file: one a row, its frames side by side, all in the same scale, so that one sees how the face
 * moves.
 *
 * @throws RangeError where there is nothing to draw
 */
export function sequenceSheetSvg(sequences: readonly SheetSequence[]): string {
  const drawn = sequences.filter(({ frames }) => frames.length > 0);
  if (drawn.length === 0) throw new RangeError('a sheet needs a sequence');
  const columns = Math.max(...drawn.map(({ frames }) => Math.min(MOST_FRAMES, frames.length)));
  const rowHeight = TITLE_HEIGHT + CELL.height;
  const rows = drawn.map(({ title, frames }, row) => {
    const place = facePlacement(frames, CELL.width, CELL.height, CELL.margin);
    const cells = chosenFrames(frames).map((frame, column) => {
      const points = Array.from({ length: frame.length / 2 }, (_, v) => place(frame[2 * v]!, frame[2 * v + 1]!));
      return markup`<g transform="translate(${column * CELL.width} ${TITLE_HEIGHT})">${faceLines(points)}</g>`;
    });
    return markup`<g transform="translate(0 ${row * rowHeight})"><text x="${CELL.margin}" y="14">${title} (${frames.length} frames)</text>
${cells}</g>
`;
  });
  const [width, height] = [Math.max(400, columns * CELL.width), drawn.length * rowHeight];
  const style =
    'text { font: 12px sans-serif; fill: #14171c } path { fill: none; stroke: #1f5fbf; stroke-width: 1.2; stroke-linejoin: round } circle { fill: #1f5fbf }';
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<style>${style}</style>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${rows}</svg>
`.text;
}

function chosenFrames(frames: readonly Float32Array[]): readonly Float32Array[] {
  if (frames.length <= MOST_FRAMES) return frames;
  return Array.from(
    { length: MOST_FRAMES },
    (_, i) => frames[Math.round((i * (frames.length - 1)) / (MOST_FRAMES - 1))]!,
  );
}
