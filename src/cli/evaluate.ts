import type { Command } from 'commander';
import { readLandmarkTree } from '../datasets/landmark_tree.js';
import { sequenceSamples } from '../experiments/sequence_samples.js';
import { DEFAULT_MODEL } from '../learner/checkpoint/model_location.js';
import { wholeNumber } from './arguments.js';
import { loadLearner, type ModelFlags } from './load_learner.js';
import { reportText } from './report_text.js';

interface Flags extends ModelFlags {
  readonly landmarks: string;
  readonly mcdoRepeats: number;
  readonly json?: boolean;
}

export function addEvaluateCommand(program: Command): void {
  program
    .command('evaluate')
    .description('accuracy, recall and confusion of a model on labelled landmark sequences')
    .requiredOption('--landmarks <tree>', 'SUBJECT/CLASS/SEQUENCE/{0,1,...}.npy')
    .option(
      '--model <model>',
      'the model: FOLDER/NAME, or a bare NAME of one that comes with this package',
      DEFAULT_MODEL,
    )
    .option('--mcdo-repeats <n>', 'Monte Carlo repeats; 0 means no dropout', wholeNumber(0), 100)
    .option('--seed <n>', 'seed of the Monte Carlo repeats', wholeNumber(0), 0)
    .option('--device <name>', 'cpu, cuda, webgpu or auto', 'auto')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  pstbln evaluate --landmarks ckplus_landmarks --model ckplus_expressions')
    .action(async (flags: Flags) => {
      const learner = await loadLearner(flags);
      const samples = sequenceSamples(learner, readLandmarkTree(flags.landmarks));
      const report = await learner.report(samples, flags.mcdoRepeats);
      await learner.release();
      console.log(flags.json ? JSON.stringify(report) : reportText(report));
    });
}
