import type { Command } from 'commander';
import { readRecipe } from '../experiments/recipe.js';
import { trainModel } from '../experiments/train_model.js';
import { type Device, deviceSchema } from '../learner/onnx/device.js';
import { parseOptions } from '../options.js';
import { Progress } from './progress.js';
import { reportText } from './report_text.js';

export function addTrainCommand(program: Command): void {
  program
    .command('train')
    .description('train a model by a recipe; writes its weights, metadata and model card')
    .requiredOption('--recipe <file>', 'the recipe (YAML)')
    .option('--landmarks <tree>', 'SUBJECT/CLASS/SEQUENCE/{0,1,...}.npy (default: what the recipe says)')
    .option('--output <folder>', 'where the model is written (default: what the recipe says)')
    .option('--device <name>', 'cpu, cuda, webgpu or auto', 'auto')
    .addHelpText(
      'after',
      '\nExample:\n  pstbln train --recipe config/ckplus_expressions.yaml --landmarks ckplus_landmarks',
    )
    .action(async (flags: { recipe: string; landmarks?: string; output?: string; device: string }) => {
      const recipe = await readRecipe(flags.recipe);
      const device: Device = parseOptions(deviceSchema, flags.device, '--device');
      const validation = new Progress('validation, epochs of all folds:');
      const training = new Progress('training, epoch');
      const { path, crossValidation } = await trainModel(recipe, {
        recipePath: flags.recipe,
        ...(flags.landmarks === undefined ? {} : { landmarks: flags.landmarks }),
        ...(flags.output === undefined ? {} : { output: flags.output }),
        device,
        onValidation: (done, total) => validation.update(done, total),
        onEpoch: ({ epoch, loss, accuracy }, total) =>
          training.update(epoch + 1, total, `loss ${loss.toFixed(4)}, accuracy ${accuracy.toFixed(3)}`),
      });
      if (crossValidation !== null)
        console.log(`Of subjects that a fold's network never saw: ${reportText(crossValidation.report)}\n`);
      console.log(`Wrote ${path}.pt, ${path}.json and ${path}.md`);
    });
}
