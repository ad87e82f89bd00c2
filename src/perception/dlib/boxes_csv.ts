import { InvalidInputError } from '../../errors.js';
import { readFileOf } from '../../files.js';
import { checkBox, type DlibBox } from './landmarks_in_boxes.js';

/** The columns, in this order. */
const COLUMNS = ['image', 'left', 'top', 'right', 'bottom'] as const;
/** A number in decimal. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

/** A face's box in an image. */
export interface ImageBox {
  /** As the file has it: a path. */
  readonly image: string;
  readonly box: DlibBox;
}

/**
 * Reads the boxes of faces in images: lines of image,left,top,right,bottom, with or without these names in the first line.
 * An image may have several. Empty lines are left out; an image's name that has a comma may stand in quotes.
 *
 * @returns in the order of the file
 * @throws InvalidInputError naming the file, the line, the column and what was expected
 */
export async function readBoxesCsv(path: string): Promise<ImageBox[]> {
  return parseBoxesCsv((await readFileOf('the boxes', path)).toString('utf8'), path);
}

/** @param origin the file's name, for errors */
export function parseBoxesCsv(text: string, origin: string): ImageBox[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const boxes = lines.flatMap((line, index): ImageBox[] => {
    if (line.trim() === '') return [];
    const place = `${origin}, line ${index + 1}`;
    const cells = cellsOf(line, place);
    if (index === 0 && COLUMNS.every((column, at) => cells[at]!.toLowerCase() === column)) return [];
    const [image, ...edges] = cells as [string, string, string, string, string];
    if (image === '') throw new InvalidInputError('image', image, "an image's path", place);
    const [left, top, right, bottom] = edges.map((edge, at) => {
      if (NUMBER.test(edge)) return Number(edge);
      throw new InvalidInputError(COLUMNS[at + 1]!, edge, 'a number of pixels', place);
    }) as [number, number, number, number];
    const box = { left, top, right, bottom };
    checkBox(box, place);
    return [{ image, box }];
  });
  if (boxes.length === 0) throw new InvalidInputError('the boxes', 'empty', `lines of ${COLUMNS.join(',')}`, origin);
  return boxes;
}

/** The five cells of a line; the last four are numbers, so that all before them is the image. */
function cellsOf(line: string, place: string): string[] {
  const cells = line.split(',').map((cell) => cell.trim());
  const numbers = COLUMNS.length - 1;
  const image = line.split(',').slice(0, -numbers).join(',').trim();
  const isQuoted = /^"([^"]|"")*"$/.test(image);
  if (cells.length < COLUMNS.length || (cells.length > COLUMNS.length && !isQuoted)) {
    throw new InvalidInputError('the line', line, `${COLUMNS.length} values: ${COLUMNS.join(',')}`, place);
  }
  return [isQuoted ? image.slice(1, -1).replaceAll('""', '"') : image, ...cells.slice(-numbers)];
}
