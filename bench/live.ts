/**
 * How a model behaves on clips of faces: perception, tracks and network as in the node, image by image by the clip's own
 * clock. What the faces do is noted by hand in bench/live_notes.json.
 *
 * Usage: npm run bench:live -- [--json] [--model FOLDER/NAME] [--clips FOLDER] [--only TEXT] [--extractor NAME]
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { DEFAULT_MODEL, modelLocation } from '../src/learner/checkpoint/model_location.js';
import { ExpressionClassifier } from '../src/learner/expression_classifier.js';
import { ExpressionTracks } from '../src/learner/expression_tracks.js';
import { packageRoot } from '../src/package_root.js';
import { DEFAULT_LANDMARK_EXTRACTOR } from '../src/perception/landmarks/landmark_extractor_name.js';
import { loadLandmarkExtractor } from '../src/perception/load_landmark_extractor.js';
import { Perception } from '../src/perception/perception.js';
import { readFrames, sharedData } from '../test/support/clips.js';
import { type Answer, type Behaviour, behaviourOf } from './live_behaviour.js';

const notesSchema = z.record(
  z.string(),
  z.strictObject({
    images_per_second: z.number().positive(),
    notes: z.array(z.tuple([z.number(), z.number(), z.string()])),
  }),
);
const OPTIONS = { mcdoRepeats: 30, seed: 1, smoothingSeconds: 0.25 };
/** Frames decoded at once. */
const CHUNK = 400;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    model: { type: 'string', default: DEFAULT_MODEL },
    clips: { type: 'string', default: join(sharedData, 'video') },
    only: { type: 'string', default: '' },
    extractor: { type: 'string', default: DEFAULT_LANDMARK_EXTRACTOR },
  },
});
const notes = notesSchema.parse(JSON.parse(readFileSync(join(packageRoot(), 'bench', 'live_notes.json'), 'utf8')));
const found = Object.keys(notes).filter((name) => name.includes(values.only) && existsSync(join(values.clips, name)));
if (found.length === 0) throw new Error(`none of ${Object.keys(notes).join(', ')} is in ${values.clips}; see --clips`);
const classifier = await ExpressionClassifier.load({
  ...modelLocation(values.model),
  device: 'cpu',
  threads: 1,
  landmarkExtractor: values.extractor,
});
const result: Record<string, Behaviour> = {};
for (const name of found) {
  const { images_per_second: rate, notes: noted } = notes[name]!;
  result[name] = behaviourOf(await answersFor(join(values.clips, name), rate), noted);
}
await classifier.release();
console.log(values.json ? JSON.stringify(result) : inWords(result));

/** The answers for a clip's first face. */
async function answersFor(clip: string, rate: number): Promise<Answer[]> {
  const perception = new Perception(await loadLandmarkExtractor(values.extractor), { maxFaces: 1 });
  const tracks = new ExpressionTracks(classifier);
  const answers: Answer[] = [];
  for (let first = 0; ; first += CHUNK) {
    const frames = readFrames(clip, CHUNK, first);
    for (const frame of frames) {
      const stampSeconds = answers.length / rate;
      const faces = await perception.process(frame, stampSeconds);
      tracks.keep(perception.trackIds);
      const [expression] = await tracks.update(stampSeconds, faces, OPTIONS);
      answers.push({ stampSeconds, estimate: expression?.estimate });
    }
    if (frames.length === CHUNK) continue;
    await perception.release();
    return answers;
  }
}

function inWords(clips: Record<string, Behaviour>): string {
  return Object.entries(clips)
    .map(([name, { expressions, entropy, ...figures }]) => {
      const lines = Object.entries(figures).map(([key, value]) => `  ${key}: ${rounded(value)}`);
      const entropies = Object.entries(entropy).map(([what, nats]) => `  entropy, ${what}: ${rounded(nats)} nats`);
      const shown = expressions.map(
        ({ from, category, share, named_after_s: after }) =>
          `  ${category} at ${from} s: named ${after === null ? 'never' : `after ${rounded(after)} s`}, ${rounded(share)} of the time`,
      );
      return [name, ...lines, ...entropies, ...shown].join('\n');
    })
    .join('\n');
}

function rounded(value: number | null): string {
  return value === null ? 'none' : String(Math.round(value * 100) / 100);
}
