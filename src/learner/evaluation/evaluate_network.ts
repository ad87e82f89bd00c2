import { join } from 'node:path';
import type { z } from 'zod';
import { writeFileWhole } from '../../files.js';
import { Progress } from '../../progress.js';
import type { InferenceParams } from '../checkpoint/metadata.js';
import type { NetworkPasses } from '../engine/engine.js';
import { answerSource } from '../inference/answer_source.js';
import type { ExpressionEstimate } from '../inference/expression_estimate.js';
import type { evalOptionsSchema, ParsedLearnerOptions } from '../options.js';
import type { SampleSource } from '../samples.js';
import { resultFileText, scorePickle, wrongFileText } from './answer_files.js';
import { type EvaluationReport, evaluationReport } from './evaluation_report.js';
import { checkFiniteAnswers } from './finite_answers.js';

/** What `eval` answers. */
export interface EvalResults {
  /** The epoch that the network is said to be of. */
  readonly epoch: number;
  readonly accuracy: number;
  /** Mean cross entropy of the mean logits, in nats. */
  readonly loss: number;
  /** (N, K), flat: each sample's mean logits, before the temperature. */
  readonly score: Float32Array;
  readonly report: EvaluationReport;
  readonly estimates: readonly ExpressionEstimate[];
}

/** Answers a source, reports on the answers, and writes the files that are asked for. */
export async function evaluateNetwork(
  passes: NetworkPasses,
  source: SampleSource,
  params: InferenceParams,
  options: z.output<typeof evalOptionsSchema>,
  learner: Pick<ParsedLearnerOptions, 'valBatchSize' | 'seed' | 'tempPath' | 'experimentName'>,
): Promise<EvalResults> {
  const progress = new Progress('evaluating', options.silent);
  const estimates = await answerSource(passes, source, params, {
    monteCarloDropout: options.monteCarloDropout,
    mcdoRepeats: options.mcdoRepeats,
    mcdoErrorProbability: options.mcdoErrorProbability,
    batchSize: learner.valBatchSize,
    seed: learner.seed,
    appearances: options.appearances,
    referenceWeights: options.referenceWeights,
    onProgress: (done, total) => progress.update(done, total),
  });
  checkFiniteAnswers(estimates, 'the evaluation');
  const { labels, names } = source;
  const report = evaluationReport(labels, estimates, params.classes, { showTopk: options.showTopk });
  const predictions = estimates.map(({ categoryIndex }) => categoryIndex);
  if (options.wrongFile !== null) await writeFileWhole(options.wrongFile, wrongFileText(labels, predictions));
  if (options.resultFile !== null) await writeFileWhole(options.resultFile, resultFileText(labels, predictions));
  if (options.saveScore !== false) {
    const path =
      options.saveScore === true ? join(learner.tempPath, `${learner.experimentName}_score.pkl`) : options.saveScore;
    const scores = estimates.map(({ logits }) => logits);
    await writeFileWhole(path, scorePickle(names ?? scores.map((_, index) => String(index)), scores));
  }
  const classes = params.classes.length;
  const score = new Float32Array(estimates.length * classes);
  estimates.forEach(({ logits }, sample) => void score.set(logits, sample * classes));
  if (!options.silent && options.verbose) process.stderr.write(`${summary(report)}\n`);
  return { epoch: options.epoch, accuracy: report.accuracy, loss: report.loss, score, report, estimates };
}

function summary({ samples, accuracy, mean_recall, loss }: EvaluationReport): string {
  return `${samples} samples: accuracy ${accuracy.toFixed(4)}, mean recall ${mean_recall.toFixed(4)}, loss ${loss.toFixed(4)}`;
}
