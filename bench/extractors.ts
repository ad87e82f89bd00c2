/**
 * What a recipe learns from one landmark extractor is worth on the points of another, on people that it has not seen: one
 * cross-validation for each extractor, and one for all of them.
 *
 * Usage: npm run bench:extractors -- [--json | --markdown] [--recipe FILE] [--folds N] [--set KEY=VALUE]...
 *   [--results FOLDER] [--only TEXT]
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readLandmarkSources } from '../src/datasets/landmark_sources.js';
import { extractorsOf } from '../src/datasets/neutral_faces.js';
import { InvalidInputError } from '../src/errors.js';
import type { HeldOutGroupReport } from '../src/experiments/held_out_groups.js';
import { readRecipe } from '../src/experiments/recipe.js';
import { packageRoot } from '../src/package_root.js';
import { acrossExtractors, type ExtractorFigures } from './across_extractors.js';
import { runProgram } from './run_program.js';
import { markdownTable, type TableStyle, textTable } from './text_table.js';

const PSTBLN = fileURLToPath(new URL('../src/cli/pstbln.js', import.meta.url));
const ALL = 'all';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      markdown: { type: 'boolean' },
      recipe: { type: 'string', default: join(packageRoot(), 'config', 'expressions.yaml') },
      folds: { type: 'string', default: '5' },
      set: { type: 'string', multiple: true, default: [] },
      results: { type: 'string' },
      only: { type: 'string', default: '' },
    },
  });
  const { sources } = await readRecipe(values.recipe);
  const names = [...extractorsOf(readLandmarkSources(sources)), ALL];
  const rows = names.filter((name) => name.includes(values.only));
  if (rows.length === 0) {
    throw new InvalidInputError('--only', values.only, `a part of ${names.join(', ')}`, 'the command line');
  }
  const result: Record<string, Record<string, ExtractorFigures>> = {};
  for (const learned of rows) {
    console.error(`learned: ${learned}`);
    const { groups } = await crossValidate([
      ...['--recipe', values.recipe, '--folds', values.folds],
      ...values.set.flatMap((change) => ['--set', change]),
      ...(learned === ALL ? [] : ['--set', `sampling.extractors=[${learned}]`]),
      ...(values.results === undefined ? [] : ['--results', join(values.results, learned)]),
    ]);
    result[learned] = acrossExtractors(groups);
  }
  console.log(values.json ? JSON.stringify(result) : inWords(result, values.markdown ? markdownTable : textTable));
}

/** What `pstbln cross-validate` says. */
async function crossValidate(flags: readonly string[]): Promise<{ groups: HeldOutGroupReport[] }> {
  const args = [PSTBLN, 'cross-validate', ...flags, '--json'];
  const run = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  run.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    run.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new InvalidInputError('the exit code', code, '0', `pstbln ${args.slice(1).join(' ')}`);
  return JSON.parse(text);
}

function inWords(
  result: Readonly<Record<string, Readonly<Record<string, ExtractorFigures>>>>,
  table: TableStyle,
): string {
  const columns = Object.keys(Object.values(result)[0]!);
  const tableOf = (title: string, cell: (figures: ExtractorFigures) => number | null) =>
    table([
      [title, ...columns],
      ...Object.entries(result).map(([learned, tested]) => [
        learned,
        ...columns.map((name) => cell(tested[name]!)?.toFixed(2) ?? 'none'),
      ]),
    ]);
  return [
    tableOf('sequences, accuracy', ({ sequences_accuracy }) => sequences_accuracy),
    tableOf('sequences, mean recall', ({ sequences_mean_recall }) => sequences_mean_recall),
    tableOf('stills, mean recall', ({ stills_mean_recall }) => stills_mean_recall),
  ].join('\n\n');
}

await runProgram(main);
