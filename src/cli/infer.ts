import type { Command } from 'commander';
import { readNpy } from '../datasets/npy.js';
import { InvalidInputError } from '../errors.js';
import { DEFAULT_MODEL } from '../learner/checkpoint/model_location.js';
import { wholeNumber } from './arguments.js';
import { loadLearner, type ModelFlags } from './load_learner.js';

interface Flags extends ModelFlags {
  readonly input: string;
  readonly mcdoRepeats: number;
  readonly json?: boolean;
}

export function addInferCommand(program: Command): void {
  program
    .command('infer')
    .description('answer prepared samples (N, C, T, V, M) from a .npy file')
    .option(
      '--model <model>',
      'the model: FOLDER/NAME, or a bare NAME of one that comes with this package',
      DEFAULT_MODEL,
    )
    .requiredOption('--input <file.npy>', 'samples (N, C, T, V, M)')
    .option('--mcdo-repeats <n>', 'Monte Carlo repeats; 0 means no dropout', wholeNumber(0), 100)
    .option('--seed <n>', 'seed of the Monte Carlo repeats', wholeNumber(0), 0)
    .option('--device <name>', 'cpu, cuda, webgpu or auto', 'auto')
    .option('--json', 'print a JSON list, one object a sample')
    .addHelpText(
      'after',
      '\nExample:\n  pstbln infer --model ckplus_expressions --input samples.npy --mcdo-repeats 100 --json',
    )
    .action(async (flags: Flags) => {
      const learner = await loadLearner(flags);
      const { dims, values } = readNpy(flags.input);
      const expected = learner.sampleDims;
      if (dims.length !== 5 || dims.slice(1).join() !== expected.join()) {
        throw new InvalidInputError('the shape of the samples', dims, `(N, ${expected.join(', ')})`, flags.input);
      }
      const estimates = await learner.infer(values, dims[0]!, flags.mcdoRepeats);
      await learner.release();
      if (flags.json) {
        const list = estimates.map((estimate) => ({
          category: estimate.category,
          category_index: estimate.categoryIndex,
          confidence: estimate.confidence,
          logits: [...estimate.logits],
          mean: [...estimate.mean],
          std: [...estimate.std],
          predictive_entropy: estimate.predictiveEntropy,
          mutual_information: estimate.mutualInformation,
          repeats: estimate.repeats,
        }));
        console.log(JSON.stringify(list));
        return;
      }
      estimates.forEach(({ category, confidence, std, categoryIndex, predictiveEntropy }, i) => {
        const spread = std[categoryIndex]!.toFixed(3);
        console.log(
          `${i}: ${category} ${confidence.toFixed(3)} +- ${spread}, entropy ${predictiveEntropy.toFixed(3)} nats`,
        );
      });
    });
}
