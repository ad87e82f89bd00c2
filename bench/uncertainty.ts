/**
 * How uncertain a model's answers are where a face cannot be known: faces of stills and clips, covered, blurred, shrunk,
 * darkened and turned, beside the answers to the same faces as they are; with `--unaware` as if all were clear.
 *
 * Usage: npm run bench:uncertainty -- [--json] [--model FOLDER/NAME] [--clips FOLDER] [--every N] [--extractor NAME] [--unaware]
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stillWindow } from '../src/datasets/recording_windows.js';
import { InvalidInputError } from '../src/errors.js';
import { DEFAULT_MODEL, modelLocation } from '../src/learner/checkpoint/model_location.js';
import { ExpressionClassifier } from '../src/learner/expression_classifier.js';
import { NEUTRAL_ODDS } from '../src/learner/expression_tracks.js';
import { FaceAppearance } from '../src/perception/appearance/face_appearance.js';
import type { RgbImage } from '../src/perception/image/rgb_image.js';
import type { LandmarkExtractor } from '../src/perception/landmarks/landmark_extractor.js';
import { DEFAULT_LANDMARK_EXTRACTOR } from '../src/perception/landmarks/landmark_extractor_name.js';
import { type Landmarks68, landmarkBox } from '../src/perception/landmarks/landmarks68.js';
import { landmarksOfStill } from '../src/perception/landmarks_of_still.js';
import { loadLandmarkExtractor } from '../src/perception/load_landmark_extractor.js';
import { reliabilityOfStill } from '../src/perception/reliability/face_reliability.js';
import { readFrames, sharedData } from '../test/support/clips.js';
import { type FaceImage, faceWidth, squareOf } from './face_damage.js';
import { runProgram } from './run_program.js';
import { textTable } from './text_table.js';
import { CONDITIONS } from './uncertainty_conditions.js';
import { type DegradedAnswer, type UncertaintyFigures, uncertaintyFigures } from './uncertainty_figures.js';

/** Pixels: narrower faces are not taken for clear ones. */
const LEAST_WIDTH = 60;
/** Pixels: the longest edge of what is worked on. */
const LARGEST = 400;
/** The square's side over the face's. */
const SURROUNDINGS = 2.6;
/** Frames of a clip from one that is taken to the next, and how many of them at most. */
const FRAMES_APART = 40;
const FRAMES_OF_CLIP = 20;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      model: { type: 'string', default: DEFAULT_MODEL },
      clips: { type: 'string' },
      every: { type: 'string', default: '4' },
      extractor: { type: 'string', default: DEFAULT_LANDMARK_EXTRACTOR },
      unaware: { type: 'boolean', default: false },
    },
  });
  const every = Number(values.every);
  if (!(Number.isInteger(every) && every > 0)) {
    throw new InvalidInputError('--every', values.every, 'a whole number above 0', 'the command line');
  }
  const location = modelLocation(values.model);
  const landmarkExtractor = values.extractor;
  const classifier = await ExpressionClassifier.load({ ...location, device: 'cpu', threads: 1, landmarkExtractor });
  const extractor = await loadLandmarkExtractor(values.extractor);
  const appearance = await FaceAppearance.load();
  try {
    const answers: DegradedAnswer[] = [];
    for (const [name, image] of pictures(values.clips, every)) {
      const face = await clearFace(image, extractor);
      if (face === null) continue;
      for (const { kind, strength, apply } of CONDITIONS) {
        const answer = await answerFor(apply(face), extractor, appearance, classifier, values.unaware);
        answers.push({ face: name, kind, strength, answer });
      }
    }
    const figures = uncertaintyFigures(answers);
    if (values.json) console.log(JSON.stringify(figures));
    const say = values.json ? console.error : console.log;
    say(inWords(figures));
  } finally {
    await Promise.all([classifier.release(), extractor.release(), appearance.release()]);
  }
}

/** Stills of ../shared/data (one of `every` of the many) and frames of its clips, and of those of a folder. */
function* pictures(clips: string | undefined, every: number): Generator<[name: string, image: RgbImage]> {
  const photos = ['faces', join('landmark_ground_truth', 'ytf68')].flatMap((folder, index) =>
    filesOf(join(sharedData, folder), /\.jpg$/).filter((_, place) => index === 0 || place % every === 0),
  );
  for (const photo of photos) yield [photo, readFrames(photo, 1)[0]!];
  const folders = [
    join(sharedData, 'video', 'asl'),
    join(sharedData, 'video'),
    ...(clips === undefined ? [] : [clips]),
  ];
  const step = `select=not(mod(n\\,${FRAMES_APART}))`;
  for (const clip of folders.flatMap((folder) => filesOf(folder, /\.(mkv|mp4)$/))) {
    for (const [index, frame] of readFrames(clip, FRAMES_OF_CLIP, 5, step).entries()) yield [`${clip} ${index}`, frame];
  }
}

function filesOf(folder: string, ending: RegExp): string[] {
  if (!existsSync(folder))
    throw new InvalidInputError('the folder', folder, 'a folder that exists', 'bench:uncertainty');
  const names = readdirSync(folder).filter((name) => ending.test(name));
  return names.sort().map((name) => join(folder, name));
}

/** The surroundings of an image's face (the detector's best), where it is wide enough and found there too. */
async function clearFace(image: RgbImage, extractor: LandmarkExtractor): Promise<FaceImage | null> {
  const face = await landmarksOfStill(image, extractor);
  if (face === null || faceWidth(face.landmarks) < LEAST_WIDTH) return null;
  const { x, y, width, height } = landmarkBox(face.landmarks);
  const side = SURROUNDINGS * Math.max(width, height, faceWidth(face.landmarks));
  const square = { centerX: x + width / 2, centerY: y + height / 2, side, roll: 0 };
  const crop = squareOf(image, square, Math.round(Math.min(side, LARGEST)));
  const found = await landmarksOfStill(crop, extractor);
  return found && { image: crop, landmarks: found.landmarks, mesh: found.mesh };
}

async function answerFor(
  { image, turned }: { readonly image: RgbImage; readonly turned?: Landmarks68 },
  extractor: LandmarkExtractor,
  appearance: FaceAppearance,
  classifier: ExpressionClassifier,
  unaware: boolean,
): Promise<DegradedAnswer['answer']> {
  const found = await landmarksOfStill(image, extractor);
  if (found === null) return null;
  const face = turned === undefined ? found : { ...found, landmarks: turned };
  const reliability = await reliabilityOfStill(image, face, extractor);
  // Of a face that is turned in its landmarks alone, the pixels show the face as it was.
  const appearances = turned === undefined ? await appearance.of(image, [face.landmarks]) : [undefined];
  const [estimate] = await classifier.classify(stillWindow(face.landmarks, classifier.windowAgesSeconds.length), 1, {
    mcdoRepeats: 30,
    seed: 1,
    appearances,
    ...(unaware ? {} : { reliabilities: [reliability], unseenNeutralOdds: NEUTRAL_ODDS }),
  });
  const { category, confidence, predictiveEntropy, mutualInformation } = estimate!;
  return { category, confidence, predictiveEntropy, mutualInformation, reliability };
}

function inWords({ conditions, auroc }: UncertaintyFigures): string {
  const text = (value: number | null) => (value === null ? 'none' : value.toFixed(2));
  const head = ['faces', 'found', 'reliability', 'confidence', 'entropy', 'mutual inf.', 'agreement', 'gap'];
  const rows = conditions.map((each) => [
    `${each.kind} ${each.strength}`,
    text(each.found),
    text(each.reliability),
    text(each.confidence),
    text(each.predictive_entropy),
    text(each.mutual_information),
    text(each.agreement),
    text(each.gap),
  ]);
  const aurocs = Object.entries(auroc).map(([kind, value]) => [kind, text(value)]);
  return `${textTable([head, ...rows])}\n\n${textTable([['changed answers', 'AUROC'], ...aurocs])}`;
}

await runProgram(main);
