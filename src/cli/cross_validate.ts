import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { InvalidInputError } from '../errors.js';
import { crossValidateInProcesses, gatherResults } from '../experiments/cross_validate_in_processes.js';
import type { CrossValidation } from '../experiments/cross_validation.js';
import { answerFold, type FoldPlan } from '../experiments/fold.js';
import { foldFiles, planDigest, writeFold } from '../experiments/fold_files.js';
import { heldOutGroupsText } from '../experiments/held_out_groups.js';
import type { LandmarkData } from '../experiments/landmark_data.js';
import type { FoldProgress } from '../experiments/parallel_folds.js';
import { readLandmarkData } from '../experiments/read_landmark_data.js';
import { landmarkRecipe } from '../experiments/recipe.js';
import { Progress } from '../progress.js';
import { reportText } from '../report/report_text.js';
import { wholeNumber } from './arguments.js';
import { defaultRecipe } from './default_recipe.js';
import { INTERRUPTED, interruptible } from './interrupt.js';
import { addRecipeFlags, checkOneSource, type RecipeFlags, recipeOf, recipeOrigin } from './recipe_flags.js';
import { crossValidationReport } from './report_data.js';
import { withFolder } from './temporary_folder.js';
import { addDeviceFlags, type DeviceFlags, deviceOf } from './workplace_flags.js';
import { writeReport } from './write_report.js';

type Flags = RecipeFlags &
  DeviceFlags & {
    readonly folds: number;
    readonly foldSeed: number;
    readonly mcdoRepeats: number;
    readonly build?: boolean;
    readonly fold?: number;
    readonly gather?: boolean;
    readonly results?: string;
    readonly jobs: number;
    readonly report?: string;
    readonly json?: boolean;
  };

const EXAMPLES = `
Examples:
  pstbln cross-validate --landmarks ckplus_landmarks --folds 10 --json
  pstbln cross-validate --landmarks ckplus_landmarks --build --report folds.html
  # on a cluster: one fold a job, then gather
  pstbln cross-validate --landmarks ckplus_landmarks --results folds --fold 3
  pstbln cross-validate --landmarks ckplus_landmarks --results folds --gather --json`;

/** Adds `pstbln cross-validate`. */
export function addCrossValidateCommand(program: Command): void {
  const command = program
    .command('cross-validate')
    .description('train and test on subject-independent folds: what a recipe is worth on people it has not seen');
  addRecipeFlags(command, ['landmarks', 'topology', 'epochs', 'batchSize', 'lr', 'seed'], defaultRecipe())
    .option('--folds <n>', 'number of folds', wholeNumber(2), 10)
    .option('--fold-seed <n>', 'decides which subjects share a fold', wholeNumber(0), 0)
    .option('--build', 'build the network of each fold progressively, instead of training a given topology')
    .option('--mcdo-repeats <n>', 'Monte Carlo repeats of an answer', wholeNumber(1), 100)
    .option('--results <folder>', "folder of the folds' answers; those that are there are not worked on again")
    .addOption(
      new Option('--fold <n>', 'work on this fold alone, and leave its answers in --results').argParser(wholeNumber(0)),
    )
    .option('--gather', 'gather the answers in --results, without working on any fold')
    .option('--jobs <n>', 'folds at a time, each in a process; 0: as many as cores', wholeNumber(0), 0);
  addDeviceFlags(command)
    .option('--report <file.html>', 'write a report to look at in a browser')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => interruptible((signal) => crossValidate(flags, signal)));
}

async function crossValidate(flags: Flags, signal: AbortSignal): Promise<void> {
  const recipe = landmarkRecipe(await recipeOf(flags), recipeOrigin(flags));
  checkOneSource(recipe, recipeOrigin(flags));
  const data = readLandmarkData(recipe);
  const plan: FoldPlan = {
    recipe,
    method: flags.build ? 'build' : 'fit',
    folds: flags.folds,
    foldSeed: flags.foldSeed,
    mcdoRepeats: flags.mcdoRepeats,
  };
  if ((flags.fold !== undefined || flags.gather) && flags.results === undefined) {
    throw new InvalidInputError('results', undefined, 'a folder for the answers of folds', '--results');
  }
  if (flags.fold !== undefined) return workOnFold(plan, data, flags.fold, flags, signal);
  const result = flags.gather
    ? await gatherResults(plan, data, flags.results!)
    : await inProcesses(plan, data, flags, signal);
  const { report, folds, groups, temperature } = result;
  if (flags.report !== undefined) await writeReport(flags.report, crossValidationReport(plan, data, result));
  if (flags.json) console.log(JSON.stringify({ ...report, folds, groups, temperature }));
  else console.log([reportText(report), ...(groups.length > 0 ? [heldOutGroupsText(groups)] : [])].join('\n\n'));
}

/** Cross-validation in processes; without --results its answers lie in a folder that is removed afterwards. */
async function inProcesses(
  plan: FoldPlan,
  data: LandmarkData,
  flags: Flags,
  signal: AbortSignal,
): Promise<CrossValidation> {
  const progress = new Progress('folds done:');
  return withFolder(flags.results, (results) =>
    crossValidateInProcesses(plan, data, {
      results,
      jobs: flags.jobs,
      command: (fold, recipePath) => foldCommand(plan, fold, recipePath, results, flags),
      onProgress: (done, detail) => progress.update(done, plan.folds, detail),
      signal,
    }),
  );
}

/** The command line that works on one fold. */
export function foldCommand(
  { method, folds, foldSeed, mcdoRepeats }: FoldPlan,
  fold: number,
  recipePath: string,
  results: string,
  { engine, device }: DeviceFlags,
): string[] {
  return [
    process.argv[1]!,
    'cross-validate',
    ...['--recipe', recipePath, '--results', results],
    ...['--folds', folds, '--fold-seed', foldSeed, '--mcdo-repeats', mcdoRepeats, '--fold', fold].map(String),
    ...['--engine', engine, '--device', device, '--threads', '1'],
    ...(method === 'build' ? ['--build'] : []),
  ];
}

async function workOnFold(
  plan: FoldPlan,
  data: LandmarkData,
  fold: number,
  flags: Flags,
  signal: AbortSignal,
): Promise<void> {
  if (fold >= plan.folds) throw new InvalidInputError('fold', fold, `0 to ${plan.folds - 1}`, '--fold');
  const results = flags.results!;
  const progress = new Progress(`fold ${fold}, epoch`);
  const report = (done: number, total: number, detail: string) => {
    if (process.send === undefined) progress.update(done, total, detail);
    else process.send({ done: done / total, detail: `fold ${fold}: ${detail}` } satisfies FoldProgress);
  };
  const workplace = {
    ...deviceOf(flags),
    tempPath: join(results, `fold-${fold}`),
    loggingPath: '',
    checkpointAfterIter: 0,
    resumeEpoch: 0,
    silent: true,
    signal,
  };
  // Where the process that asked for the answers is gone, nobody waits for them; listening for that keeps none alive.
  process.once('disconnect', () => process.exit(INTERRUPTED));
  process.channel?.unref();
  const { epochs } = plan.recipe.training;
  const answers = await answerFold(plan, data, fold, workplace, {
    onEpoch: ({ epoch, loss }) => report(epoch + 1, epochs, `loss ${loss.toFixed(3)}`),
    onCandidate: ({ topology, trainLoss }) => report(0, 1, `[${topology.join(', ')}] loss ${trainLoss.toFixed(3)}`),
  });
  signal.throwIfAborted();
  await writeFold(results, planDigest(plan, data), answers);
  const { topology, labels } = answers;
  const files = foldFiles(results, fold);
  if (flags.json) console.log(JSON.stringify({ fold, samples: labels.length, topology, files }));
}
