import type { Command } from 'commander';
import { ExternalDataset } from '../datasets/external_dataset.js';
import { readLandmarkTree } from '../datasets/landmark_tree.js';
import { InvalidInputError } from '../errors.js';
import { SequenceData } from '../experiments/sequence_data.js';
import { sequenceSamples } from '../experiments/sequence_samples.js';
import type { WindowDescription } from '../learner/applied_network.js';
import type { ProgressiveSpatioTemporalBLNLearner } from '../learner/progressive_spatio_temporal_bln_learner.js';
import { LANDMARK_EXTRACTOR_NAMES } from '../perception/landmarks/landmark_extractor_name.js';
import { wholeNumbers } from './arguments.js';
import { chosenExtractor } from './landmark_extractor_flag.js';
import {
  addModelFlags,
  addMonteCarloFlags,
  loadLearner,
  type ModelFlags,
  type MonteCarloFlags,
  monteCarloOf,
} from './load_learner.js';
import { evaluationReportData } from './report_data.js';
import { reportText } from './report_text.js';
import { writeReport } from './write_report.js';

interface Flags extends ModelFlags, MonteCarloFlags {
  readonly landmarks?: string;
  readonly data?: string;
  readonly extractor?: string;
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
  pstbln evaluate --landmarks ckplus_landmarks --model ckplus_expressions --json
  pstbln evaluate --data data/AFEW --model models/afew --report afew.html --wrong-file wrong.txt
  pstbln evaluate --landmarks ckplus_landmarks --mcdo-error-probability 0.01`;

/** Adds `pstbln evaluate`. */
export function addEvaluateCommand(program: Command): void {
  const command = program
    .command('evaluate')
    .description('how right a model is on labelled data, and how sure: accuracy, recall, calibration, confusion')
    .option('--landmarks <tree>', 'SUBJECT/CLASS/SEQUENCE/{0,1,...}.npy')
    .option('--extractor <name>', `what found the landmarks: ${LANDMARK_EXTRACTOR_NAMES.join(', ')} (default: dlib)`)
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
    if ((flags.landmarks === undefined) === (flags.data === undefined)) {
      const value = [flags.landmarks, flags.data];
      throw new InvalidInputError('the data', value, 'one of --landmarks and --data', 'the command line');
    }
    const sequences = flags.landmarks === undefined ? null : readLandmarkTree(flags.landmarks);
    const dataset =
      sequences === null
        ? new ExternalDataset(flags.data!, learner.datasetName)
        : sequenceSamples(windowOf(learner), learner.classes, sequences, chosenExtractor(flags.extractor, learner));
    const results = await learner.eval(dataset, {
      ...monteCarloOf(flags),
      silent: true,
      valDataFilename: flags.dataFile,
      valLabelsFilename: flags.labelsFile,
      wrongFile: flags.wrongFile ?? null,
      resultFile: flags.resultFile ?? null,
      saveScore: flags.scoreFile ?? false,
      showTopk: flags.topK,
    });
    if (flags.report !== undefined) {
      const data = flags.landmarks ?? flags.data!;
      await writeReport(
        flags.report,
        evaluationReportData(flags.model, data, learner, results, sequences && new SequenceData(sequences)),
      );
    }
    console.log(flags.json ? JSON.stringify(results.report) : reportText(results.report));
  } finally {
    await learner.release();
  }
}

/** @throws InvalidInputError where the model does not say how windows become samples */
function windowOf({ window }: ProgressiveSpatioTemporalBLNLearner): WindowDescription {
  if (window !== null) return window;
  const expected = 'a description of windows';
  throw new InvalidInputError('inference_params.window', undefined, expected, "the model's metadata");
}
