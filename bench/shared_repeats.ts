import { parseArgs } from 'node:util';
import { DEFAULT_MODEL, modelLocation } from '../src/learner/checkpoint/model_location.js';
import { ExpressionClassifier } from '../src/learner/expression_classifier.js';
import { ExpressionTracks, type TrackOptions } from '../src/learner/expression_tracks.js';
import type { ExpressionEstimate } from '../src/learner/inference/expression_estimate.js';
import { DEFAULT_LANDMARK_EXTRACTOR } from '../src/perception/landmarks/landmark_extractor_name.js';
import { demoClipFiles } from './demo_frames.js';
import { type SeenFace, seenFaces } from './live_faces.js';
import { median } from './median.js';
import { runProgram } from './run_program.js';
import { textTable } from './text_table.js';

// npm run bench:shared-repeats -- [--clip FILE...] [--seconds N] [--turns N] [--json]: whether Monte Carlo repeats that the images of
// a track share give the same answers as all repeats for each image, and for how much less work.

const RATE_HERTZ = 25;
const SMOOTHING_SECONDS = 0.25;
/** Of what is taken for true: answers of so many repeats, smoothed alike. */
const TRUE_REPEATS = 500;

type Ways = Readonly<Record<string, Omit<TrackOptions, 'seed' | 'smoothingSeconds'>>>;
const WAYS: Ways = {
  '100 each': { mcdoRepeats: 100 },
  '100 shared': { mcdoRepeats: 100, shareRepeats: true },
};

interface Report {
  readonly way: string;
  /** Processor time for an image's answer. */
  readonly cpu_ms: number;
  /** Root mean square difference from the truth. */
  readonly mean_error: number;
  readonly std_error: number;
  /** Mean of the differences: what does not go away with more images. */
  readonly std_bias: number;
  readonly information_bias: number;
  /** Share of the images with the same category as the truth. */
  readonly same_category: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      clip: { type: 'string', multiple: true },
      seconds: { type: 'string', default: '20' },
      turns: { type: 'string', default: '3' },
      json: { type: 'boolean' },
    },
  });
  const images = Number(values.seconds) * RATE_HERTZ;
  const { directory, name } = modelLocation(DEFAULT_MODEL);
  const extractor = DEFAULT_LANDMARK_EXTRACTOR;
  const classifier = await ExpressionClassifier.load({
    directory,
    name,
    device: 'cpu',
    threads: 1,
    landmarkExtractor: extractor,
  });
  const reports = new Map<string, Report[]>();
  for (const file of values.clip ?? (await demoClipFiles())) {
    const seen = (await seenFaces({ file, imagesPerSecond: RATE_HERTZ }, extractor)).slice(0, images);
    const truth = await answers(classifier, seen, { mcdoRepeats: TRUE_REPEATS });
    for (let turn = 0; turn < Number(values.turns); turn++) {
      for (const [way, options] of Object.entries(WAYS)) {
        reports.set(way, [...(reports.get(way) ?? []), compared(way, truth, await answers(classifier, seen, options))]);
      }
    }
  }
  await classifier.release();
  const rows = [...reports].map(([way, all]) => {
    const of = (pick: (report: Report) => number) => median(all.map(pick));
    return {
      way,
      cpu_ms: of((r) => r.cpu_ms),
      mean_error: of((r) => r.mean_error),
      std_error: of((r) => r.std_error),
      std_bias: of((r) => r.std_bias),
      information_bias: of((r) => r.information_bias),
      same_category: of((r) => r.same_category),
    };
  });
  if (values.json) console.log(JSON.stringify(rows));
  else
    console.log(
      textTable([
        Object.keys(rows[0]!),
        ...rows.map((row) => Object.values(row).map((v) => (typeof v === 'number' ? v.toFixed(4) : v))),
      ]),
    );
}

interface Answers {
  readonly estimates: readonly (ExpressionEstimate | undefined)[];
  readonly cpuMilliseconds: number;
}

async function answers(
  classifier: ExpressionClassifier,
  seen: readonly SeenFace[],
  options: Ways[string],
): Promise<Answers> {
  const tracks = new ExpressionTracks(classifier);
  const estimates: (ExpressionEstimate | undefined)[] = [];
  const before = process.cpuUsage();
  for (const { stampSeconds, face, trackIds } of seen) {
    tracks.keep(trackIds);
    const [answer] = await tracks.update(stampSeconds, face ? [face] : [], {
      ...options,
      seed: undefined,
      smoothingSeconds: SMOOTHING_SECONDS,
    });
    estimates.push(answer?.estimate);
  }
  const { user, system } = process.cpuUsage(before);
  return { estimates, cpuMilliseconds: (user + system) / 1000 / seen.length };
}

function compared(way: string, truth: Answers, of: Answers): Report {
  const pairs = truth.estimates.flatMap((right, image) => {
    const estimate = of.estimates[image];
    return right && estimate ? [{ right, estimate }] : [];
  });
  const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const differences = (pick: (estimate: ExpressionEstimate) => Float32Array) =>
    pairs.flatMap(({ right, estimate }) => [...pick(estimate)].map((value, k) => value - pick(right)[k]!));
  const rms = (values: readonly number[]) => Math.sqrt(average(values.map((value) => value ** 2)));
  return {
    way,
    cpu_ms: of.cpuMilliseconds,
    mean_error: rms(differences(({ mean }) => mean)),
    std_error: rms(differences(({ std }) => std)),
    std_bias: average(differences(({ std }) => std)),
    information_bias: average(pairs.map(({ right, estimate }) => estimate.mutualInformation - right.mutualInformation)),
    same_category: average(pairs.map(({ right, estimate }) => Number(right.categoryIndex === estimate.categoryIndex))),
  };
}

await runProgram(main);
