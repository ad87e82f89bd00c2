/**
 * A model on stills, with the pixels of the faces and by landmarks alone, beside face-api.js's expression network, on the same images
 * in one run.
 *
 * Usage: npm run bench:expressions -- [--json | --markdown] [--images TREE] [--clips FOLDER] [--model FOLDER/NAME]
 *   [--extractor NAME]
 */
import { parseArgs } from 'node:util';
import { stillWindow } from '../src/datasets/recording_windows.js';
import { InvalidInputError } from '../src/errors.js';
import { DEFAULT_MODEL, modelLocation } from '../src/learner/checkpoint/model_location.js';
import { argmax } from '../src/learner/evaluation/classification_report.js';
import { ExpressionClassifier } from '../src/learner/expression_classifier.js';
import type { ExpressionEstimate } from '../src/learner/inference/expression_estimate.js';
import { FaceAppearance } from '../src/perception/appearance/face_appearance.js';
import type { RgbImage } from '../src/perception/image/rgb_image.js';
import { DEFAULT_LANDMARK_EXTRACTOR } from '../src/perception/landmarks/landmark_extractor_name.js';
import { landmarksOfStill } from '../src/perception/landmarks_of_still.js';
import { loadLandmarkExtractor } from '../src/perception/load_landmark_extractor.js';
import { meanLandmarksOfStill } from '../src/perception/looks_at_still.js';
import { Progress } from '../src/progress.js';
import {
  type ContenderReport,
  contenderReport,
  type Ratios,
  ratios,
  type StillAnswer,
} from './expression_comparison.js';
import { type FaceApiDetector, FaceApiExpressionNetwork, type FaceApiExpressions } from './face_api_expressions.js';
import { stillsOfClips, stillsOfTree } from './labelled_stills.js';
import { runProgram } from './run_program.js';
import { markdownTable, type TableStyle, textTable } from './text_table.js';

/** face-api.js's names of the classes that both have. */
const CLASSES: Readonly<Record<string, string>> = {
  neutral: 'Neutral',
  happy: 'Happy',
  sad: 'Sad',
  angry: 'Angry',
  fearful: 'Fear',
  disgusted: 'Disgust',
  surprised: 'Surprise',
};
const NAMES = Object.values(CLASSES);
/** As `evaluate` answers where nothing is said. */
const ANSWERING = { mcdoRepeats: 100, seed: 0 };

interface Comparison {
  readonly samples: number;
  /** Stills of classes that face-api.js does not have. */
  readonly left_out: number;
  readonly samples_by_class: Readonly<Record<string, number>>;
  readonly contenders: Readonly<Record<string, ContenderReport>>;
  /** `ours_seven` over each of face-api.js's. */
  readonly ratios: Readonly<Record<string, Ratios>>;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      images: { type: 'string' },
      clips: { type: 'string' },
      model: { type: 'string', default: DEFAULT_MODEL },
      extractor: { type: 'string', default: DEFAULT_LANDMARK_EXTRACTOR },
      json: { type: 'boolean' },
      markdown: { type: 'boolean' },
    },
  });
  const { images, clips } = values;
  if (images === undefined && clips === undefined) {
    const expected = 'a tree of images as --images, or a folder of clips as --clips';
    throw new InvalidInputError('the data', undefined, expected, 'the command line');
  }
  const classifier = await ExpressionClassifier.load({
    ...modelLocation(values.model),
    device: 'cpu',
    threads: 1,
    landmarkExtractor: values.extractor,
  });
  const missing = NAMES.filter((name) => !classifier.classes.includes(name));
  if (missing.length > 0) {
    throw new InvalidInputError("the model's classes", classifier.classes, `${NAMES.join(', ')} among them`, '--model');
  }
  const stills = [
    ...(images === undefined ? [] : await stillsOfTree(images, classifier.classes)),
    ...(clips === undefined ? [] : stillsOfClips(clips)),
  ];
  const shared = stills.filter(({ category }) => NAMES.includes(category));
  if (shared.length === 0) throw new InvalidInputError('the stills', stills.length, `some of ${NAMES}`, 'the data');
  const contend = await contenders(classifier, values.extractor);
  // Engines warm up at the first one.
  await contend(await shared[0]!.read());
  const answers: Record<string, StillAnswer>[] = [];
  const progress = new Progress('looking at stills');
  for (const { read } of shared) {
    answers.push(await contend(await read()));
    progress.update(answers.length, shared.length);
  }
  progress.end();
  await classifier.release();
  const labels = shared.map(({ category }) => category);
  const result = comparison(labels, answers, stills.length - shared.length);
  console.log(values.json ? JSON.stringify(result) : inWords(result, values.markdown ? markdownTable : textTable));
}

/** What all contenders say of an image. */
async function contenders(classifier: ExpressionClassifier, extractorName: string) {
  const extractor = await loadLandmarkExtractor(extractorName);
  const faceAppearance = await FaceAppearance.load();
  const faceApi = await FaceApiExpressionNetwork.load();
  const faceApiAlone = (image: RgbImage, detector: FaceApiDetector) =>
    timed(async () => bestOf(await faceApi.detect(image, detector)));
  return async (image: RgbImage): Promise<Record<string, StillAnswer>> => {
    const start = performance.now();
    const face = await landmarksOfStill(image, extractor);
    const landmarks = face && (await meanLandmarksOfStill(image, face, extractor));
    const landmarksMilliseconds = performance.now() - start;
    const window = landmarks && stillWindow(landmarks, classifier.windowAgesSeconds.length);
    const alone = window && (await classifier.classify(window, 1, ANSWERING))[0]!;
    const aloneMilliseconds = performance.now() - start;
    // Once more, though only the pixels are new: the time is that of one who looks at both from the beginning.
    const appearances = landmarks ? [await faceAppearance.ofStill(image, landmarks)] : [];
    const appearanceMilliseconds = performance.now() - start - aloneMilliseconds;
    const estimate = window && (await classifier.classify(window, 1, { ...ANSWERING, appearances }))[0]!;
    const milliseconds = aloneMilliseconds + appearanceMilliseconds;
    const onOurFace = await timed(async () => face && bestOf(await faceApi.recognize(image, face.landmarks)));
    return {
      ours: { answer: estimate?.category ?? null, milliseconds },
      ours_landmarks: { answer: alone?.category ?? null, milliseconds: aloneMilliseconds },
      ours_seven: { answer: estimate && bestOfBoth(estimate, classifier.classes), milliseconds },
      face_api_ssd: await faceApiAlone(image, 'ssd'),
      face_api_tiny: await faceApiAlone(image, 'tiny'),
      face_api_on_our_faces: { ...onOurFace, milliseconds: landmarksMilliseconds + onOurFace.milliseconds },
    };
  };
}

async function timed(answer: () => Promise<string | null>): Promise<StillAnswer> {
  const start = performance.now();
  return { answer: await answer(), milliseconds: performance.now() - start };
}

/** The most probable class of those that both have. */
function bestOfBoth({ mean }: ExpressionEstimate, classes: readonly string[]): string {
  return NAMES[argmax(NAMES.map((name) => mean[classes.indexOf(name)]!))]!;
}

function bestOf(expressions: FaceApiExpressions | null): string | null {
  const names = Object.keys(CLASSES);
  return expressions && CLASSES[names[argmax(names.map((name) => expressions[name]!))]!]!;
}

function comparison(labels: readonly string[], answers: readonly Record<string, StillAnswer>[], left_out: number) {
  const names = Object.keys(answers[0]!);
  const reports = Object.fromEntries(
    names.map((name) => [
      name,
      contenderReport(
        labels,
        answers.map((answer) => answer[name]!),
        NAMES,
      ),
    ]),
  );
  const theirs = names.filter((name) => name.startsWith('face_api'));
  return {
    samples: labels.length,
    left_out,
    samples_by_class: Object.fromEntries(NAMES.map((name) => [name, labels.filter((label) => label === name).length])),
    contenders: reports,
    ratios: Object.fromEntries(theirs.map((name) => [name, ratios(reports.ours_seven!, reports[name]!)])),
  } satisfies Comparison;
}

function inWords(
  { samples, left_out, samples_by_class, contenders: reports, ratios: all }: Comparison,
  style: TableStyle,
): string {
  const two = (value: number | null) => value?.toFixed(2) ?? '-';
  const names = Object.keys(reports);
  const row = (title: string, cell: (report: ContenderReport) => string) => [
    title,
    ...names.map((name) => cell(reports[name]!)),
  ];
  const table = style([
    ['', ...names],
    row('accuracy', ({ accuracy }) => two(accuracy)),
    row('mean recall', ({ mean_recall }) => two(mean_recall)),
    ...NAMES.map((name) => row(`${name} (${samples_by_class[name]})`, ({ recall }) => two(recall[name]!))),
    row('faces missed', ({ faces_missed }) => String(faces_missed)),
    row('accuracy of found', ({ accuracy_of_found }) => two(accuracy_of_found)),
    row('ms a still', ({ ms_per_still }) => ms_per_still.toFixed(1)),
  ]);
  const lines = Object.entries(all).map(
    ([name, { accuracy, mean_recall, ms_per_still }]) =>
      `ours_seven over ${name}: accuracy ${two(accuracy)}, mean recall ${two(mean_recall)}, time ${two(ms_per_still)}`,
  );
  return [`${samples} stills${left_out > 0 ? `, ${left_out} of other classes left out` : ''}`, table, ...lines].join(
    '\n',
  );
}

await runProgram(main);
