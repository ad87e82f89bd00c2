import type { CrossValidation } from '../experiments/cross_validation.js';
import type { FoldPlan } from '../experiments/fold.js';
import type { ExampleWindow, LandmarkData } from '../experiments/landmark_data.js';
import type { LearnedRecipe, Method } from '../experiments/learn_recipe.js';
import type { Recipe } from '../experiments/recipe.js';
import type { EvalResults } from '../learner/evaluation/evaluate_network.js';
import type { EvaluationReport } from '../learner/evaluation/evaluation_report.js';
import type { ExpressionEstimate } from '../learner/inference/expression_estimate.js';
import type { ProgressiveSpatioTemporalBLNLearner } from '../learner/progressive_spatio_temporal_bln_learner.js';
import { mostUncertain } from '../report/most_uncertain.js';
import type { ReportData, ReportExample } from '../report/report_data.js';

/** Examples that a report shows. */
const EXAMPLES = 12;

type Fact = readonly [name: string, value: string];

/** What a training or a building tells in its report. */
export function learningReport(
  recipe: Recipe,
  method: Method,
  {
    learned: { learner, epochs, candidates },
    evaluation,
    crossValidation,
    landmarks,
  }: {
    readonly learned: LearnedRecipe;
    readonly evaluation: EvaluationReport | null;
    readonly crossValidation: CrossValidation | null;
    /** null for prepared samples. */
    readonly landmarks: LandmarkData | null;
  },
): ReportData {
  const { training, network } = recipe;
  const built: Fact[] = [
    ['Block threshold', String(recipe.building.block_threshold)],
    ['Layer threshold', String(recipe.building.layer_threshold)],
    ['Criterion', recipe.building.criterion],
  ];
  return {
    title: recipe.name,
    kind: method === 'fit' ? 'train' : 'build',
    facts: [
      ['Made', now()],
      ['Data', recipe.landmarks ?? recipe.data ?? recipe.dataset_name],
      ...(landmarks === null ? [] : landmarkFacts(landmarks)),
      ['Topology', `[${learner.topology.join(', ')}], block size ${network.block_size}`],
      ['Sample', `(${learner.sampleDims.join(', ')}): channels, frames, points, faces`],
      ...(method === 'build' ? built : []),
      [
        'Optimizer',
        `${training.optimizer_name}, learning rate ${training.lr}${training.lr_schedule && ` (${training.lr_schedule})`}`,
      ],
      ['Weight decay', String(training.weight_decay)],
      ['Epochs', String(method === 'build' ? (recipe.building.epochs ?? training.epochs) : training.epochs)],
      ['Batch size', String(training.batch_size)],
      ['Seed', String(training.seed)],
      ['Temperature', String(learner.temperature)],
    ],
    classes: learner.classes,
    evaluation,
    epochs: epochs.map(({ epoch, loss, accuracy, valLoss, valAccuracy }) => ({
      epoch: epoch + 1,
      loss,
      accuracy,
      valLoss,
      valAccuracy,
    })),
    candidates,
    folds: crossValidation?.folds ?? [],
    groups: crossValidation?.groups ?? [],
    examples:
      crossValidation === null || landmarks === null || recipe.window === undefined
        ? []
        : heldOutExamples(crossValidation, landmarks, recipe.window.sequence_frames),
  };
}

/** What a cross-validation tells in its report. */
export function crossValidationReport(
  { recipe, method, folds, foldSeed, mcdoRepeats }: FoldPlan,
  landmarks: LandmarkData,
  result: CrossValidation,
): ReportData {
  const topologies = [...new Set(result.folds.map(({ topology }) => `[${topology.join(', ')}]`))];
  return {
    title: `${recipe.name}: cross-validation`,
    kind: 'cross-validate',
    facts: [
      ['Made', now()],
      ['Data', recipe.landmarks ?? recipe.dataset_name],
      ...landmarkFacts(landmarks),
      ['Folds', `${folds}, no subject in two of them (seed ${foldSeed})`],
      [method === 'build' ? 'Topologies that were built' : 'Topology', topologies.join(', ')],
      ['Monte Carlo repeats', String(mcdoRepeats)],
      ['Temperatures', result.folds.map(({ temperature }) => temperature).join(', ')],
    ],
    classes: result.classes,
    evaluation: result.report,
    epochs: [],
    candidates: [],
    folds: result.folds,
    groups: result.groups,
    examples: heldOutExamples(result, landmarks, recipe.window.sequence_frames),
  };
}

/** What an evaluation tells in its report. */
export function evaluationReportData(
  model: string,
  data: string,
  learner: ProgressiveSpatioTemporalBLNLearner,
  { report, estimates }: EvalResults,
  landmarks: LandmarkData | null,
): ReportData {
  const { window } = learner;
  return {
    title: `${model}: evaluation`,
    kind: 'evaluate',
    facts: [
      ['Made', now()],
      ['Data', data],
      ...(landmarks === null ? [] : landmarkFacts(landmarks)),
      ['Topology', `[${learner.topology.join(', ')}]`],
      ['Temperature', String(learner.temperature)],
    ],
    classes: learner.classes,
    evaluation: report,
    epochs: [],
    candidates: [],
    folds: [],
    groups: [],
    examples:
      landmarks === null || window === null
        ? []
        : examplesOf(
            estimates,
            [...landmarks.examples(window.sequence_frames).values()],
            window.sequence_frames.length,
          ),
  };
}

function heldOutExamples(
  { estimates, names }: CrossValidation,
  landmarks: LandmarkData,
  frames: readonly number[],
): ReportExample[] {
  const byName = landmarks.examples(frames);
  const found = estimates.flatMap((estimate, index) => {
    const window = byName.get(names[index]!);
    return window === undefined ? [] : [{ estimate, window }];
  });
  return examplesOf(
    found.map(({ estimate }) => estimate),
    found.map(({ window }) => window),
    frames.length,
  );
}

function examplesOf(
  estimates: readonly ExpressionEstimate[],
  windows: readonly ExampleWindow[],
  frames: number,
): ReportExample[] {
  return mostUncertain(estimates, EXAMPLES).map((index) => ({
    landmarks: windows[index]!.window,
    frames,
    label: windows[index]!.category,
    estimate: estimates[index]!,
  }));
}

function landmarkFacts(landmarks: LandmarkData): Fact[] {
  return [['Landmarks', landmarks.describe('')]];
}

/** To the minute, in the time zone of the machine. */
function now(): string {
  return new Date().toLocaleString('sv').slice(0, 16);
}
