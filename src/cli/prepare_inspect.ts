import { extname } from 'node:path';
import type { Command } from 'commander';
import { listFileTree } from '../datasets/file_tree.js';
import { inspectLandmarkFolder } from '../datasets/inspect_landmarks.js';
import { inspectSampleFolder } from '../datasets/inspect_samples.js';
import { type Finding, groupFindings } from '../datasets/inspection.js';
import { isPreparedFolder } from '../datasets/prepared_folder.js';
import { InvalidInputError } from '../errors.js';
import { writeFileWhole } from '../files.js';
import { pngBytes } from '../perception/image/png_bytes.js';
import { sequenceSheetImage, sequenceSheetSvg } from '../report/sequence_sheet.js';
import type { SheetSequence } from '../report/sheet_layout.js';
import { wholeNumber } from './arguments.js';
import { interruptible } from './interrupt.js';

interface Flags {
  readonly sheet?: string;
  readonly sequences: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  pstbln prepare inspect data/AFEW_landmarks --sheet landmarks.svg
  pstbln prepare inspect data/CK+_10fold --sheet folds.png --sequences 3 --json
Ends with 1 where something looks wrong.`;

/** Adds `prepare inspect`. */
export function addInspectCommand(prepare: Command): void {
  prepare
    .command('inspect')
    .description('tell what is in a folder of landmarks or of samples and what looks wrong, and draw some of it')
    .argument('<folder>', 'landmarks, as prepare landmarks writes them, or samples, as the commands after it do')
    .option('--sheet <file>', 'draw sequences, into a .svg or .png')
    .option('--sequences <n>', 'so many; of samples, from each data file', wholeNumber(1), 12)
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((folder: string, flags: Flags) => interruptible((signal) => run(folder, flags, signal)));
}

/** Lines of a kind, and names in a line, that are printed at most; the JSON has them all. */
const MOST_LINES = 10;
const MOST_NAMES = 10;

async function run(folder: string, { sheet, sequences: drawn, json }: Flags, signal: AbortSignal): Promise<void> {
  const prepared = isPreparedFolder(folder);
  if (!prepared && listFileTree(folder, (name) => name.endsWith('.npy')).length === 0) {
    throw new InvalidInputError('the folder', folder, 'landmarks or samples (.npy) in it', 'the command line');
  }
  const draw = sheet === undefined ? undefined : sheetDrawing(sheet);
  const inspect = prepared ? inspectSampleFolder : inspectLandmarkFolder;
  const { inspection, sequences } = await inspect(folder, drawn, signal);
  if (sheet !== undefined) {
    if (sequences.length === 0) {
      throw new InvalidInputError('the folder', folder, 'landmarks to draw (muscles are not drawn)', '--sheet');
    }
    await writeFileWhole(sheet, draw!(sequences));
  }
  const { findings, ...rest } = inspection;
  if (findings.length > 0) process.exitCode = 1;
  if (json) {
    console.log(JSON.stringify({ ...rest, findings, ...(sheet !== undefined && { sheet }) }));
    return;
  }
  const { kind, classes, subjects, extractor, shapes } = inspection;
  console.log(
    `${kind}: ${inspection.sequences} sequences, ${inspection.frames} frames${extractor ? `, by ${extractor}` : ''}`,
  );
  for (const [of, shape] of Object.entries(shapes)) console.log(`  ${of}: (${shape.join(', ')})`);
  if (subjects > 0) console.log(`subjects: ${subjects}`);
  console.log(
    `classes: ${Object.entries(classes)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
  );
  for (const line of findingLines(findings)) console.log(line);
  console.log(findings.length === 0 ? 'nothing looks wrong' : `${findings.length} things look wrong`);
}

/** A line for each thing that is wrong, with all that it is wrong with. */
function findingLines(findings: readonly Finding[]): string[] {
  const groups = groupFindings(findings);
  const lines: string[] = [];
  for (const kind of new Set(groups.map((group) => group.kind))) {
    const same = groups.filter((group) => group.kind === kind);
    for (const { of, what } of same.slice(0, MOST_LINES)) {
      const names = of.slice(0, MOST_NAMES).join(', ');
      const more = of.length > MOST_NAMES ? ` and ${of.length - MOST_NAMES} more` : '';
      lines.push(`looks wrong (${kind}): ${names}${more}: ${what}`);
    }
    if (same.length > MOST_LINES) {
      lines.push(`looks wrong (${kind}): ${same.length - MOST_LINES} more (--json lists them all)`);
    }
  }
  return lines;
}

/** What draws a sheet, by the ending of the file's name. */
function sheetDrawing(file: string): (sequences: readonly SheetSequence[]) => string | Uint8Array {
  switch (extname(file).toLowerCase()) {
    case '.svg':
      return sequenceSheetSvg;
    case '.png':
      return (sequences) => pngBytes(sequenceSheetImage(sequences));
    default:
      throw new InvalidInputError('the sheet', file, 'a name that ends with .svg or .png', '--sheet');
  }
}
