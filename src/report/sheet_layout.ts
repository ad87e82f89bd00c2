import { type FaceStroke, facePlacement, faceStrokes } from './charts/face_drawing.js';

/** A sequence on a sheet. */
export interface SheetSequence {
  readonly title: string;
  /** Each (V, 2), flat; y downwards. Frames with values that are not finite are drawn without those points. */
  readonly frames: readonly Float32Array[];
}

/** A line of text on a sheet. */
export interface SheetText {
  readonly x: number;
  /** Of the line that letters stand on. */
  readonly y: number;
  /** Of the font. */
  readonly size: number;
  /** Whether it is the name of something, or a number beside it. */
  readonly kind: 'title' | 'number';
  readonly text: string;
}

/** What is on a sheet, and where, in pixels. */
export interface SheetLayout {
  readonly width: number;
  readonly height: number;
  readonly texts: readonly SheetText[];
  readonly strokes: readonly FaceStroke[];
}

const CELL = { width: 110, height: 120, margin: 6 };
const TITLE = { height: 22, baseLine: 15, size: 12 };
const NUMBER = { height: 14, size: 9 };
const ROW_HEIGHT = TITLE.height + CELL.height + NUMBER.height;
/** For titles that are longer than their rows. */
const NARROWEST = 400;
/** Frames of a sequence that are drawn at most; of longer ones, some of them, the first and the last among them. */
const MOST_FRAMES = 10;

/**
 * Sequences of landmarks on a sheet: one a row, its frames with their numbers side by side, all in the same scale, so that one
 * sees how the face moves.
 *
 * @throws RangeError where there is nothing to draw
 */
export function layoutSheet(sequences: readonly SheetSequence[]): SheetLayout {
  const drawn = sequences.filter(({ frames }) => frames.length > 0);
  if (drawn.length === 0) throw new RangeError('a sheet needs a sequence');
  const texts: SheetText[] = [];
  const strokes: FaceStroke[] = [];
  for (const [row, { title, frames }] of drawn.entries()) {
    const top = row * ROW_HEIGHT;
    const words = `${title} (${frames.length} ${frames.length === 1 ? 'frame' : 'frames'})`;
    texts.push({ x: CELL.margin, y: top + TITLE.baseLine, size: TITLE.size, kind: 'title', text: words });
    const place = facePlacement(frames, CELL.width, CELL.height, CELL.margin);
    for (const [column, index] of chosenFrames(frames.length).entries()) {
      const left = column * CELL.width;
      const frame = frames[index]!;
      const points = Array.from({ length: frame.length / 2 }, (_, v) => {
        const [x, y] = place(frame[2 * v]!, frame[2 * v + 1]!);
        return [left + x, top + TITLE.height + y] as const;
      });
      strokes.push(...faceStrokes(points));
      const y = top + ROW_HEIGHT - NUMBER.height + NUMBER.size;
      texts.push({ x: left + CELL.margin, y, size: NUMBER.size, kind: 'number', text: String(index + 1) });
    }
  }
  const columns = Math.max(...drawn.map(({ frames }) => Math.min(MOST_FRAMES, frames.length)));
  return { width: Math.max(NARROWEST, columns * CELL.width), height: drawn.length * ROW_HEIGHT, texts, strokes };
}

function chosenFrames(count: number): number[] {
  if (count <= MOST_FRAMES) return Array.from({ length: count }, (_, index) => index);
  return Array.from({ length: MOST_FRAMES }, (_, i) => Math.round((i * (count - 1)) / (MOST_FRAMES - 1)));
}
