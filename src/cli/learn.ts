import { join } from 'node:path';
import type { Command } from 'commander';
import { readModelAppearance } from '../experiments/appearance/appearance_file.js';
import { crossValidateInProcesses } from '../experiments/cross_validate_in_processes.js';
import type { CrossValidation } from '../experiments/cross_validation.js';
import type { FoldPlan } from '../experiments/fold.js';
import { planDigest } from '../experiments/fold_files.js';
import { heldOutGroupsText } from '../experiments/held_out_groups.js';
import type { LandmarkData } from '../experiments/landmark_data.js';
import type { LearnedRecipe, Method } from '../experiments/learn_recipe.js';
import { readLandmarkData } from '../experiments/read_landmark_data.js';
import { type LandmarkRecipe, landmarkRecipe, type Recipe } from '../experiments/recipe.js';
import type { Workplace } from '../experiments/recipe_learner.js';
import { trainModel } from '../experiments/train_model.js';
import { trainOnSamples } from '../experiments/train_samples.js';
import type { EvaluationReport } from '../learner/evaluation/evaluation_report.js';
import { fitCheckpointEpochs } from '../learner/training/fit_checkpoints.js';
import { Progress } from '../progress.js';
import { reportText } from '../report/report_text.js';
import { wholeNumber } from './arguments.js';
import { foldCommand } from './cross_validate.js';
import { interruptible } from './interrupt.js';
import {
  addRecipeFlags,
  checkOneSource,
  type KeyFlag,
  type RecipeFlags,
  recipeOf,
  recipeOrigin,
} from './recipe_flags.js';
import { learningReport } from './report_data.js';
import { addWorkplaceFlags, type WorkplaceFlags, workplaceOf } from './workplace_flags.js';
import { writeReport } from './write_report.js';

type Flags = RecipeFlags &
  WorkplaceFlags & {
    readonly mcdoRepeats: number;
    readonly report?: string;
    readonly json?: boolean;
    readonly resume?: boolean;
  };

const KEYS: readonly KeyFlag[] = [
  ...(['name', 'output', 'landmarks', 'data', 'dataFold', 'datasetName'] as const),
  ...(['epochs', 'batchSize', 'lr', 'seed'] as const),
];

const TRAIN_EXAMPLES = `
Examples:
  pstbln train --recipe config/ckplus_seven_classes.yaml --landmarks ckplus_landmarks
  pstbln train --data data/AFEW --dataset-name AFEW --topology 3,3 --epochs 50 --name afew
  pstbln train --data data/AFEW --topology 3,3 --name afew --checkpoint-after 10 --resume`;

const BUILD_EXAMPLES = `
Examples:
  pstbln build --recipe config/ckplus_seven_classes.yaml --landmarks ckplus_landmarks
  pstbln build --data data/AFEW --dataset-name AFEW --name afew --epochs 50 --set building.num_layers=3
An interrupted building goes on where it was when the same command runs again.`;

/** Adds `pstbln train`. */
export function addTrainCommand(program: Command): void {
  const command = program
    .command('train')
    .description('train a network of a given topology; writes its weights, metadata, model card and report');
  addLearnFlags(command, ['topology', ...KEYS])
    .option('--resume', 'go on from the latest checkpoint in --temp-path')
    .addHelpText('after', TRAIN_EXAMPLES)
    .action((flags: Flags) => interruptible((signal) => learn('fit', flags, signal)));
}

/** Adds `pstbln build`. */
export function addBuildCommand(program: Command): void {
  const command = program
    .command('build')
    .description('build a network progressively, layer by layer and block by block; writes what train writes');
  addLearnFlags(command, KEYS)
    .addHelpText('after', BUILD_EXAMPLES)
    .action((flags: Flags) => interruptible((signal) => learn('build', flags, signal)));
}

function addLearnFlags(command: Command, keys: readonly KeyFlag[]): Command {
  addRecipeFlags(command, keys).option(
    '--mcdo-repeats <n>',
    'Monte Carlo repeats of the answers that are reported on',
    wholeNumber(1),
    100,
  );
  return addWorkplaceFlags(command)
    .option('--report <file.html>', "the report to look at in a browser (default: beside the model's files)")
    .option('--json', 'print one JSON object');
}

/** What was learned, for the report and the answer. */
interface LearnedModel {
  readonly path: string;
  readonly learned: LearnedRecipe;
  readonly evaluation: EvaluationReport | null;
  readonly crossValidation: CrossValidation | null;
  /** null for prepared samples. */
  readonly landmarks: LandmarkData | null;
}

async function learn(method: Method, flags: Flags, signal: AbortSignal): Promise<void> {
  const recipe = await recipeOf(flags);
  checkOneSource(recipe, recipeOrigin(flags));
  const place = { tempPath: flags.tempPath, experimentName: recipe.name };
  const resumeEpoch = flags.resume ? ((await fitCheckpointEpochs(place)).at(-1) ?? 0) : 0;
  const workplace: Workplace = { ...workplaceOf(flags, signal), resumeEpoch };
  const model =
    recipe.data === undefined
      ? await learnLandmarks(landmarkRecipe(recipe, recipeOrigin(flags)), method, flags, workplace)
      : await learnPrepared(recipe, recipe.data, method, flags, workplace);
  if (model === null) return;
  const report = flags.report ?? `${model.path}.html`;
  await writeReport(report, learningReport(recipe, method, model));
  print(model, report, flags);
}

async function learnPrepared(
  recipe: Recipe,
  folder: string,
  method: Method,
  { mcdoRepeats }: Flags,
  workplace: Workplace,
): Promise<LearnedModel | null> {
  const trained = await trainOnSamples(recipe, folder, method, mcdoRepeats, workplace);
  return (
    trained && { ...trained, evaluation: trained.evaluation?.report ?? null, crossValidation: null, landmarks: null }
  );
}

async function learnLandmarks(
  recipe: LandmarkRecipe,
  method: Method,
  flags: Flags,
  workplace: Workplace,
): Promise<LearnedModel | null> {
  const landmarks = readLandmarkData(recipe);
  const appearance = recipe.appearance && (await readModelAppearance(recipe.appearance, landmarks.classes(recipe)));
  const plan: FoldPlan = {
    recipe,
    method,
    folds: recipe.validation_folds,
    foldSeed: recipe.training.seed,
    mcdoRepeats: flags.mcdoRepeats,
  };
  // By the plan: another recipe's folds do not stand in the way of this one's.
  const results = join(flags.tempPath, `${recipe.name}_validation`, planDigest(plan, landmarks));
  const progress = new Progress('validation, folds done:', workplace.silent);
  const crossValidation =
    plan.folds > 0
      ? await crossValidateInProcesses(plan, landmarks, {
          results,
          jobs: 0,
          command: (fold, recipePath) => foldCommand(plan, fold, recipePath, results, flags),
          onProgress: (done, detail) => progress.update(done, plan.folds, detail),
          signal: workplace.signal,
        })
      : null;
  const trained = await trainModel(recipe, landmarks, method, appearance, crossValidation, workplace);
  return trained && { ...trained, evaluation: crossValidation?.report ?? null, crossValidation, landmarks };
}

function print({ path, learned, evaluation, crossValidation }: LearnedModel, report: string, { json }: Flags): void {
  const { learner, candidates } = learned;
  const files = [`${path}.pt`, `${path}.json`, report];
  if (json) {
    console.log(
      JSON.stringify({
        model: path,
        topology: learner.topology,
        candidates,
        ...evaluation,
        groups: crossValidation?.groups ?? [],
        files,
      }),
    );
    return;
  }
  if (evaluation !== null) console.log(`On data that trained nothing: ${reportText(evaluation)}\n`);
  if (crossValidation !== null && crossValidation.groups.length > 0) {
    console.log(`${heldOutGroupsText(crossValidation.groups)}\n`);
  }
  if (candidates.length > 0)
    console.log(`Built [${learner.topology.join(', ')}] from ${candidates.length} candidates.`);
  console.log(`Wrote ${files.join(', ')}`);
}
