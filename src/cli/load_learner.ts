import type { Command } from 'commander';
import { InvalidInputError } from '../errors.js';
import { DEFAULT_MODEL, modelLocation } from '../learner/checkpoint/model_location.js';
import type { WindowDescription } from '../learner/model_holder.js';
import { ProgressiveSpatioTemporalBLNLearner } from '../learner/progressive_spatio_temporal_bln_learner.js';
import { fraction, wholeNumber } from './arguments.js';
import { addDeviceFlags, type DeviceFlags, deviceOf } from './workplace_flags.js';

/** What the flags of a command that applies a model say. */
export interface ModelFlags extends DeviceFlags {
  readonly model: string;
  readonly seed: number;
}

/** Monte Carlo dropout by flags. */
export interface MonteCarloFlags {
  readonly mcdoRepeats: number;
  readonly mcdoErrorProbability?: number;
}

/** Adds --model to a command. */
export function addModelFlag(command: Command): Command {
  const help = 'the model: FOLDER/NAME, or a bare NAME of one that comes with this package';
  return command.option('--model <model>', help, DEFAULT_MODEL);
}

/** Adds the flags of `ModelFlags` to a command. */
export function addModelFlags(command: Command): Command {
  return addDeviceFlags(addModelFlag(command)).option(
    '--seed <n>',
    'seed of the Monte Carlo repeats',
    wholeNumber(0),
    0,
  );
}

/** Adds the flags of `MonteCarloFlags` to a command. */
export function addMonteCarloFlags(command: Command): Command {
  return command
    .option('--mcdo-repeats <n>', 'Monte Carlo repeats; 0 means no dropout', wholeNumber(0), 100)
    .option(
      '--mcdo-error-probability <p>',
      'draw only until the leading class is settled but for this probability, at most --mcdo-repeats',
      fraction(0, 0.5),
    );
}

/** The options of `infer` and `eval` that the flags stand for. */
export function monteCarloOf({ mcdoRepeats, mcdoErrorProbability }: MonteCarloFlags) {
  return {
    monteCarloDropout: mcdoRepeats > 0,
    mcdoRepeats: Math.max(1, mcdoRepeats),
    mcdoErrorProbability: mcdoErrorProbability ?? null,
  };
}

/** A learner with the model that the flags name; the caller releases it. */
export async function loadLearner(flags: ModelFlags): Promise<ProgressiveSpatioTemporalBLNLearner> {
  const { directory, name } = modelLocation(flags.model);
  const learner = new ProgressiveSpatioTemporalBLNLearner({
    ...deviceOf(flags),
    seed: flags.seed,
    experimentName: name,
  });
  await learner.load(directory, name, false);
  return learner;
}

/** @throws InvalidInputError where the model does not say how windows become samples */
export function modelWindow({ window }: ProgressiveSpatioTemporalBLNLearner): WindowDescription {
  if (window !== null) return window;
  const expected = 'a description of windows';
  throw new InvalidInputError('inference_params.window', undefined, expected, "the model's metadata");
}
