import type { Command } from 'commander';
import { ExternalDataset } from '../datasets/external_dataset.js';
import { readLandmarkTree } from '../datasets/landmark_tree.js';
import { InvalidInputError } from '../errors.js';
import { SequenceData } from '../experiments/sequence_data.js';
import { sequenceSamples } from '../experiments/sequence_samples.js';
import type { EvalOptions } from '../learner/options.js';
import type { ProgressiveSpatioTemporalBLNLearner } from '../learner/progressive_spatio_temporal_bln_learner.js';
import {
  DEFAULT_LANDMARK_EXTRACTOR,
  LANDMARK_EXTRACTOR_NAMES,
} from '../perception/landmarks/landmark_extractor_name.js';
import { reportText } from '../report/report_text.js';
import { wholeNumbers } from './arguments.js';
import { evaluateImages } from './evaluate_images.js';
import { imageReportText } from './image_report_text.js';
import { chosenExtractor, DEFAULT_EXTRACTOR } from './landmark_extractor_flag.js';
import {
  addModelFlags,
  addMonteCarloFlags,
  loadLearner,
  type ModelFlags,
  type MonteCarloFlags,
  modelWindow,
  monteCarloOf,
} from './load_learner.js';
import { evaluationReportData } from './report_data.js';
import { writeReport } from './write_report.js';

interface Flags extends ModelFlags, MonteCarloFlags {
  readonly landmarks?: string;
  readonly images?: string;
  readonly data?: string;
  readonly extractor?: string;
  readonly shapePredictor?: string;
  readonly appearance: boolean;
  readonly dataFile: string;
  readonly labelsFile: string;
  readonly topK: number[];
  readonly wrongFile?: string;
  readonly resultFile?: string;
  readonly scoreFile?: string;
  readonly report?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  pstbln evaluate --landmarks ckplus_landmarks --model expressions --json
  pstbln evaluate --images faces --extractor face_mesh --json
  pstbln evaluate --data data/AFEW --model models/afew --report afew.html --wrong-file wrong.txt
  pstbln evaluate --landmarks ckplus_landmarks --mcdo-error-probability 0.01`;

/** Adds `pstbln evaluate`. */
export function addEvaluateCommand(program: Command): void {
  const command = program
    .command('evaluate')
    .description('how right a model is on labelled data, and how sure: accuracy, recall, calibration, confusion')
    .option('--landmarks <tree>', 'SUBJECT/CLASS/SEQUENCE/{0,1,...}.npy')
    .option('--images <tree>', 'SUBJECT/CLASS/SEQUENCE/ with frames, and CLASS/ with stills, instead of landmarks')
    .option(
      '--extractor <name>',
      `what found the landmarks, or finds them: ${LANDMARK_EXTRACTOR_NAMES.join(', ')} ` +
        `(default: ${DEFAULT_EXTRACTOR} for --landmarks, ${DEFAULT_LANDMARK_EXTRACTOR} for --images, with --shape-predictor dlib)`,
    )
    .option(
      '--shape-predictor <file.dat>',
      "the file of dlib's 68-point model, with which dlib finds the landmarks of --images (default: the system's)",
    )
    .option('--no-appearance', 'of --images go by the landmarks alone, not by the pixels of the faces too')
    .option('--data <folder>', 'prepared samples, instead of landmarks')
    .option('--data-file <name>', 'the samples (N, C, T, V, M) in --data', 'val.npy')
    .option('--labels-file <name>', 'their labels in --data', 'val_labels.pkl');
  addMonteCarloFlags(addModelFlags(command))
    .option('--top-k <k,...>', 'the k of top-k accuracies', wholeNumbers(1), [1, 5])
    .option('--wrong-file <file>', 'write the wrong answers: index,predicted,true')
    .option('--result-file <file>', 'write all answers: predicted,true')
    .option('--score-file <file.pkl>', 'write the mean logits of each sample as a pickled dictionary')
    .option('--report <file.html>', 'write a report to look at in a browser')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(evaluate);
}

async function evaluate(flags: Flags): Promise<void> {
  const learner = await loadLearner(flags);
  try {
    const { landmarks, images, data, shapePredictor, appearance } = flags;
    const given = [landmarks, images, data].filter((value) => value !== undefined);
    if (given.length !== 1) {
      throw new InvalidInputError('the data', given, 'one of --landmarks, --images and --data', 'the command line');
    }
    if (images === undefined && shapePredictor !== undefined) {
      throw new InvalidInputError('--shape-predictor', shapePredictor, '--images with it', 'the command line');
    }
    if (images === undefined && !appearance) {
      throw new InvalidInputError('--no-appearance', true, '--images with it', 'the command line');
    }
    if (images !== undefined) await evaluateTreeOfImages(images, learner, flags);
    else await evaluateSamples(given[0]!, learner, flags);
  } finally {
    await learner.release();
  }
}

/** @param data the folder of --landmarks or --data */
async function evaluateSamples(
  data: string,
  learner: ProgressiveSpatioTemporalBLNLearner,
  flags: Flags,
): Promise<void> {
  const sequences = flags.landmarks === undefined ? null : readLandmarkTree(flags.landmarks);
  const dataset =
    sequences === null
      ? new ExternalDataset(data, learner.datasetName)
      : sequenceSamples(modelWindow(learner), learner.classes, sequences, chosenExtractor(flags.extractor, learner));
  const results = await learner.eval(dataset, evalOptionsOf(flags));
  if (flags.report !== undefined) {
    const shown = sequences && new SequenceData(sequences);
    await writeReport(flags.report, evaluationReportData(flags.model, data, learner, results, shown));
  }
  console.log(flags.json ? JSON.stringify(results.report) : reportText(results.report));
}

async function evaluateTreeOfImages(
  tree: string,
  learner: ProgressiveSpatioTemporalBLNLearner,
  flags: Flags,
): Promise<void> {
  const { report, results } = await evaluateImages(
    tree,
    flags.extractor,
    flags.shapePredictor,
    flags.appearance,
    learner,
    evalOptionsOf(flags),
  );
  if (flags.report !== undefined && results !== null) {
    const data = `${tree}: ${results.report.samples} of ${report.samples} samples, those whose faces were found`;
    await writeReport(flags.report, evaluationReportData(flags.model, data, learner, results, null));
  }
  console.log(flags.json ? JSON.stringify(report) : imageReportText(report));
}

function evalOptionsOf(flags: Flags): EvalOptions {
  return {
    ...monteCarloOf(flags),
    silent: true,
    valDataFilename: flags.dataFile,
    valLabelsFilename: flags.labelsFile,
    wrongFile: flags.wrongFile ?? null,
    resultFile: flags.resultFile ?? null,
    saveScore: flags.scoreFile ?? false,
    showTopk: flags.topK,
  };
}
