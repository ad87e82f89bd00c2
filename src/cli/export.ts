import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import { addModelFlag, loadLearner, type ModelFlags } from './load_learner.js';

interface Flags {
  readonly model: string;
  readonly output: string;
  readonly foldConstants?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  pstbln export --model models/afew --output optimized/afew
  pstbln export --model expressions --output optimized/ckplus --fold-constants`;

/** Adds `pstbln export`. */
export function addExportCommand(program: Command): void {
  const command = program
    .command('export')
    .description('write a model as ONNX (FOLDER/NAME.onnx and .json), for this package and any other ONNX runtime');
  addModelFlag(command)
    .requiredOption('--output <folder/name>', 'where it is written')
    .option('--fold-constants', 'fold the batch normalizations into the weights')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(exportModel);
}

async function exportModel({ model, output, foldConstants, json }: Flags): Promise<void> {
  const flags: ModelFlags = { model, seed: 0, engine: 'onnxruntime', device: 'cpu', threads: 0 };
  const learner = await loadLearner(flags);
  try {
    await learner.optimize(foldConstants ?? false);
    const path = output.replace(/\.(onnx|json)$/, '');
    await learner.save(dirname(path), basename(path), false);
    const files = [`${path}.onnx`, `${path}.json`];
    console.log(json ? JSON.stringify({ model: path, files }) : `Wrote ${files.join(', ')}`);
  } finally {
    await learner.release();
  }
}
