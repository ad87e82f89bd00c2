import type { Command } from 'commander';
import { classesOf } from '../datasets/expression_windows.js';
import { readLandmarkTree } from '../datasets/landmark_tree.js';
import { crossValidate } from '../experiments/cross_validation.js';
import { readRecipe } from '../experiments/recipe.js';
import { deviceSchema } from '../learner/onnx/device.js';
import { parseOptions } from '../options.js';
import { wholeNumber } from './arguments.js';
import { defaultRecipe } from './default_recipe.js';
import { Progress } from './progress.js';
import { reportText } from './report_text.js';

interface Flags {
  readonly landmarks: string;
  readonly folds: number;
  readonly foldSeed: number;
  readonly recipe: string;
  readonly mcdoRepeats: number;
  readonly device: string;
  readonly json?: boolean;
}

export function addCrossValidateCommand(program: Command): void {
  program
    .command('cross-validate')
    .description('train and test on subject-independent folds: what a recipe is worth on people it has not seen')
    .requiredOption('--landmarks <tree>', 'SUBJECT/CLASS/SEQUENCE/{0,1,...}.npy')
    .option('--folds <n>', 'number of folds', wholeNumber(2), 10)
    .option('--fold-seed <n>', 'decides which subjects share a fold', wholeNumber(0), 0)
    .option('--recipe <file>', 'the recipe (YAML)', defaultRecipe())
    .option('--mcdo-repeats <n>', 'Monte Carlo repeats of an answer', wholeNumber(1), 100)
    .option('--device <name>', 'cpu, cuda, webgpu or auto', 'auto')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  pstbln cross-validate --landmarks ckplus_landmarks --folds 10 --json')
    .action(async (flags: Flags) => {
      const recipe = await readRecipe(flags.recipe);
      const sequences = readLandmarkTree(flags.landmarks);
      const progress = new Progress('cross-validation, epochs of all folds:');
      const { report, folds } = await crossValidate(recipe, sequences, {
        classes: classesOf(sequences, recipe.neutral_share > 0),
        folds: flags.folds,
        foldSeed: flags.foldSeed,
        mcdoRepeats: flags.mcdoRepeats,
        device: parseOptions(deviceSchema, flags.device, '--device'),
        onProgress: (done, total) => progress.update(done, total),
      });
      console.log(flags.json ? JSON.stringify({ ...report, folds }) : reportText(report));
    });
}
