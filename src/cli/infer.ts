import type { Command } from 'commander';
import { readNpy } from '../datasets/npy.js';
import { InvalidInputError } from '../errors.js';
import type { ExpressionEstimate } from '../learner/inference/expression_estimate.js';
import {
  addModelFlags,
  addMonteCarloFlags,
  loadLearner,
  type ModelFlags,
  type MonteCarloFlags,
  monteCarloOf,
} from './load_learner.js';

interface Flags extends ModelFlags, MonteCarloFlags {
  readonly input: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  pstbln infer --model expressions --input samples.npy --mcdo-repeats 100 --json
  pstbln infer --input samples.npy --mcdo-repeats 1000 --mcdo-error-probability 0.01`;

/** Adds `pstbln infer`. */
export function addInferCommand(program: Command): void {
  const command = program
    .command('infer')
    .description('answer prepared samples (N, C, T, V, M) from a .npy file')
    .requiredOption('--input <file.npy>', 'samples (N, C, T, V, M), or one (C, T, V, M)');
  addMonteCarloFlags(addModelFlags(command))
    .option('--json', 'print a JSON list, one object a sample')
    .addHelpText('after', EXAMPLES)
    .action(infer);
}

async function infer(flags: Flags): Promise<void> {
  const learner = await loadLearner(flags);
  try {
    const { dims, values } = readNpy(flags.input);
    const expected = learner.sampleDims.join();
    if (![dims.slice(1).join(), dims.join()].includes(expected)) {
      throw new InvalidInputError(
        'the shape of the samples',
        dims,
        `(N, ${learner.sampleDims.join(', ')})`,
        flags.input,
      );
    }
    const estimates = await learner.infer(values, monteCarloOf(flags));
    if (flags.json) console.log(JSON.stringify(estimates.map(jsonOf)));
    else estimates.forEach((estimate, index) => void console.log(`${index}: ${lineOf(estimate)}`));
  } finally {
    await learner.release();
  }
}

function jsonOf(estimate: ExpressionEstimate) {
  return {
    category: estimate.category,
    category_index: estimate.categoryIndex,
    confidence: estimate.confidence,
    logits: [...estimate.logits],
    mean: [...estimate.mean],
    std: [...estimate.std],
    predictive_entropy: estimate.predictiveEntropy,
    mutual_information: estimate.mutualInformation,
    repeats: estimate.repeats,
  };
}

function lineOf({ category, confidence, std, categoryIndex, predictiveEntropy, repeats }: ExpressionEstimate): string {
  const spread = std[categoryIndex]!.toFixed(3);
  const drawn = repeats === 0 ? '' : `, ${repeats} repeats`;
  return `${category} ${confidence.toFixed(3)} +- ${spread}, entropy ${predictiveEntropy.toFixed(3)} nats${drawn}`;
}
