import type { BuildCandidate } from '../../src/learner/building/candidate.js';
import { evaluationReport } from '../../src/learner/evaluation/evaluation_report.js';
import { estimatesOf } from '../../src/learner/inference/expression_estimate.js';
import { SeededRandom } from '../../src/learner/random/seeded_random.js';
import { mostUncertain } from '../../src/report/most_uncertain.js';
import type { ReportData, ReportExample } from '../../src/report/report_data.js';
import { schematicFace } from '../support/schematic_face.js';

/** Estimates of Monte Carlo logits that are drawn around the labels, more or less closely. */
export function drawnEstimates(classes: readonly string[], count: number, clearness: number) {
  const random = new SeededRandom(3);
  const [repeats, size] = [20, classes.length];
  const labels = Int32Array.from({ length: count }, () => random.below(size));
  const centres = Float32Array.from({ length: count * size }, (_, i) => {
    const label = labels[Math.floor(i / size)]!;
    return random.normal() + (i % size === label ? clearness : 0);
  });
  const logits = Float32Array.from(
    { length: repeats * count * size },
    (_, i) => centres[i % centres.length]! + 0.4 * random.normal(),
  );
  return { labels, estimates: estimatesOf(logits, count, classes, repeats, 1) };
}

/** Candidates as progressive building tries them; every third one gains too little. */
export function drawnCandidates(count: number, validated: boolean): BuildCandidate[] {
  let topology: number[] = [];
  return Array.from({ length: count }, (_, i) => {
    const kept = i % 3 !== 2;
    const opensLayer = i % 6 === 0;
    const grown = opensLayer ? [...topology, 1] : topology.with(-1, topology.at(-1)! + 1);
    if (kept) topology = grown;
    const loss = 1.9 * 0.9 ** i + (kept ? 0 : 0.2);
    return {
      layer: grown.length - 1,
      block: grown.at(-1)! - 1,
      topology: grown,
      parameters: 8000 + 2500 * i,
      trainLoss: loss,
      valLoss: validated ? loss * 1.2 + 0.1 : null,
      accuracy: validated ? 1 - loss / 2.2 : null,
      seconds: 30 + 7 * i,
      kept,
      reason: kept
        ? 'the training loss fell by 10 %, more than block_threshold (0.01 %)'
        : 'the training loss rose by 3 %, less than block_threshold (0.01 %)',
    };
  });
}

/** Windows of five frames in which a schematic face opens its mouth. */
export function drawnExamples(classes: readonly string[], points: 68 | 51, count: number): ReportExample[] {
  const { labels, estimates } = drawnEstimates(classes, 40, 1);
  const face = schematicFace().slice(2 * (68 - points));
  const lips = 2 * (points - 20);
  return mostUncertain(estimates, count).map((sample) => ({
    landmarks: Float32Array.from({ length: 5 * face.length }, (_, i) => {
      const [frame, at] = [Math.floor(i / face.length), i % face.length];
      return face[at]! + (at >= lips && at % 2 === 1 ? 0.04 * frame * Math.sin(at) : 0);
    }),
    frames: 5,
    label: classes[labels[sample]!]!,
    estimate: estimates[sample]!,
  }));
}

export const CK_CLASSES = ['Angry', 'Contempt', 'Disgust', 'Fear', 'Happy', 'Sad', 'Surprise'];

/** A report with all sections. */
export function wholeReport(): ReportData {
  const { labels, estimates } = drawnEstimates(CK_CLASSES, 259, 3);
  return {
    title: 'ckplus_seven_classes',
    kind: 'build',
    facts: [
      ['Data', '259 sequences of 96 subjects'],
      ['Topology', '[3, 3]'],
      ['Parameters', '25 803'],
      ['Folder', `/${'a_folder_without_spaces/'.repeat(5)}`],
    ],
    classes: CK_CLASSES,
    evaluation: evaluationReport(labels, estimates, CK_CLASSES),
    epochs: Array.from({ length: 60 }, (_, i) => ({
      epoch: i + 1,
      loss: 1.9 * 0.95 ** i,
      accuracy: 1 - 0.85 * 0.93 ** i,
      valLoss: 1.9 * 0.96 ** i + 0.1,
      valAccuracy: 0.92 - 0.8 * 0.94 ** i,
    })),
    candidates: drawnCandidates(9, true),
    folds: Array.from({ length: 10 }, (_, fold) => ({ fold, samples: 26, accuracy: 1 - fold / 26 })),
    groups: (['sequences', 'first_frames', 'stills'] as const).map((source, i) => ({
      source,
      extractor: 'face_mesh_attention',
      reference: i === 0 ? 'own' : 'mean',
      samples: 100 * i + 7,
      accuracy: 0.9 - i / 10,
      mean_recall: 0.8 - i / 10,
      expected_calibration_error: 0.03 * (i + 1),
    })),
    examples: [...drawnExamples(CK_CLASSES, 68, 4), ...drawnExamples(CK_CLASSES, 51, 2)],
  };
}

/** Reports at the edges of what may be shown, by what is odd about them. */
export function oddReports(): Record<string, ReportData> {
  const whole = wholeReport();
  const longNames = Array.from({ length: 14 }, (_, k) => `Expression number ${k} with a name that is far too long`);
  const many = drawnEstimates(longNames, 3000, 2);
  const two = drawnEstimates(['no', 'yes'], 30, 40);
  const diverged = drawnEstimates(CK_CLASSES, 30, Number.NaN);
  const hostile = '</style></title><script>alert(1)</script><img src=x onerror=alert(1)> "\' & \u0000\ud800';
  return {
    'many classes, samples and candidates': {
      ...whole,
      classes: longNames,
      evaluation: evaluationReport(many.labels, many.estimates, longNames),
      candidates: drawnCandidates(70, false),
      epochs: Array.from({ length: 400 }, (_, i) => ({ epoch: i + 1, loss: 3000 / (i + 1), accuracy: i / 400 })),
      examples: drawnExamples(longNames, 68, 3),
    },
    'two classes, all right, one epoch, one candidate, one fold': {
      ...whole,
      classes: ['no', 'yes'],
      evaluation: evaluationReport(two.labels, two.estimates, ['no', 'yes']),
      epochs: whole.epochs.slice(0, 1),
      candidates: drawnCandidates(1, true),
      folds: [{ fold: 0, samples: 30, accuracy: 1 }],
      examples: [],
    },
    'numbers that are not finite': {
      ...whole,
      epochs: whole.epochs.map((epoch, i) => (i > 20 ? { ...epoch, loss: Number.NaN, valLoss: Infinity } : epoch)),
      candidates: whole.candidates.map((candidate) => ({ ...candidate, trainLoss: Number.NaN, valLoss: null })),
      folds: [...whole.folds, { fold: 10, samples: 0, accuracy: Number.NaN }],
      groups: whole.groups.map((group) => ({ ...group, accuracy: Number.NaN, mean_recall: Number.NaN })),
      examples: whole.examples.map((example) => ({ ...example, landmarks: example.landmarks.map(() => Number.NaN) })),
    },
    'answers of a network that diverged': {
      ...whole,
      evaluation: evaluationReport(diverged.labels, diverged.estimates, CK_CLASSES),
      examples: whole.examples.map((example) => ({ ...example, estimate: diverged.estimates[0]! })),
    },
    'texts that try to be markup': {
      ...whole,
      title: hostile,
      facts: [[hostile, hostile]],
      classes: CK_CLASSES.map((name) => name + hostile),
      evaluation: { ...whole.evaluation!, classes: CK_CLASSES.map((name) => name + hostile) },
      candidates: whole.candidates.map((candidate) => ({ ...candidate, reason: hostile })),
      groups: whole.groups.map((group) => ({ ...group, extractor: hostile })),
      examples: whole.examples.map((example) => ({ ...example, label: hostile })),
    },
    'nothing but a title': {
      ...whole,
      evaluation: null,
      epochs: [],
      candidates: [],
      folds: [],
      groups: [],
      examples: [],
    },
  };
}
