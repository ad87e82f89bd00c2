import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import { DEFAULT_MODEL } from '../learner/checkpoint/model_location.js';
import { loadLearner, type ModelFlags } from './load_learner.js';

interface Flags {
  readonly model: string;
  readonly output: string;
  readonly foldConstants?: boolean;
}

const EXAMPLES = `
Examples:
  pstbln export --model models/afew --output optimized/afew
  pstbln export --model ckplus_expressions --output optimized/ckplus --fold-constants`;

export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('write a model as ONNX (FOLDER/NAME.onnx and .json), for this package and any other ONNX runtime')
    .option(
      '--model <model>',
      'the model: FOLDER/NAME, or a bare NAME of one that comes with this package',
      DEFAULT_MODEL,
    )
    .requiredOption('--output <folder/name>', 'where it is written')
    .option('--fold-constants', 'fold the batch normalizations into the weights')
    .addHelpText('after', EXAMPLES)
    .action(exportModel);
}

async function exportModel({ model, output, foldConstants }: Flags): Promise<void> {
  const flags: ModelFlags = { model, seed: 0, engine: 'onnxruntime', device: 'cpu', threads: 0 };
  const learner = await loadLearner(flags);
  try {
    await learner.optimize(foldConstants ?? false);
    await learner.save(dirname(output), basename(output).replace(/\.(onnx|json)$/, ''), false);
    console.log(`Wrote ${output.replace(/\.(onnx|json)$/, '')}.onnx and .json`);
  } finally {
    await learner.release();
  }
}
