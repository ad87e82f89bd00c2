/**
 * How a model behaves on clips of faces: perception, tracks and network as in the node, image by image by the clip's own
 * clock. What the faces do is noted by hand in bench/live_notes.json.
 *
 * Usage: npm run bench:live -- [--json | --markdown] [--model FOLDER/NAME] [--clips FOLDER]... [--only TEXT] [--extractor NAME]
 *   [--landmarks-alone] [--neutral-odds N] [--pictures FOLDER]
 */
import { mkdirSync } from 'node:fs';
import { join, parse } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFileWhole } from '../src/files.js';
import type { ExpressionClassifier } from '../src/learner/expression_classifier.js';
import { ExpressionTracks, type TrackOptions } from '../src/learner/expression_tracks.js';
import { Progress } from '../src/progress.js';
import { type Behaviour, behaviourOf } from './live_behaviour.js';
import { type SeenFace, seenFaces } from './live_faces.js';
import { notedClips } from './live_notes.js';
import { LIVE_OPTIONS, openModel } from './live_options.js';
import { type TimelineAnswer, timeline } from './live_timeline.js';
import { median } from './median.js';
import { runProgram } from './run_program.js';
import { markdownTable, type TableStyle, textTable } from './text_table.js';

/** In a table, where there is nothing to tell a figure by. */
const NONE = '–';

/** The node's own. */
const OPTIONS: TrackOptions = { mcdoRepeats: 30, seed: 1, smoothingSeconds: 0.25 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ...LIVE_OPTIONS,
      'landmarks-alone': { type: 'boolean', default: false },
      'neutral-odds': { type: 'string' },
      pictures: { type: 'string' },
    },
  });
  const odds = values['neutral-odds'];
  const options = odds === undefined ? OPTIONS : { ...OPTIONS, neutralOdds: Number(odds) };
  const clips = notedClips(values.clips, values.only);
  const classifier = await openModel(values.model, values.extractor);
  const result: Record<string, Behaviour> = {};
  const progress = new Progress('clips done:');
  for (const clip of clips) {
    const seen = await seenFaces(clip, values.extractor, !values['landmarks-alone']);
    const answers = await answersFor(seen, classifier, options);
    result[clip.name] = behaviourOf(answers, clip.notes);
    if (values.pictures !== undefined) {
      mkdirSync(values.pictures, { recursive: true });
      const file = join(values.pictures, `${parse(clip.name).name}.svg`);
      await writeFileWhole(file, timeline(clip.name, answers, clip.notes, classifier.classes));
    }
    progress.update(Object.keys(result).length, clips.length);
  }
  progress.end();
  await classifier.release();
  console.log(values.json ? JSON.stringify(result) : inWords(result, values.markdown ? markdownTable : textTable));
}

/** The answers for a clip's face, as the node makes them. */
async function answersFor(
  seen: readonly SeenFace[],
  classifier: ExpressionClassifier,
  options: TrackOptions,
): Promise<TimelineAnswer[]> {
  const tracks = new ExpressionTracks(classifier);
  const answers: TimelineAnswer[] = [];
  for (const { stampSeconds, face, trackIds } of seen) {
    tracks.keep(trackIds);
    const [expression] = await tracks.update(stampSeconds, face === undefined ? [] : [face], options);
    answers.push({ stampSeconds, estimate: expression?.estimate });
  }
  return answers;
}

function inWords(clips: Readonly<Record<string, Behaviour>>, table: TableStyle): string {
  const rows = Object.entries(clips).map(([name, behaviour]) => {
    const { expressions } = behaviour;
    const named = expressions.flatMap(({ named_after_s: after }) => (after === null ? [] : [after]));
    const called = Object.entries(behaviour.rest_called)
      .filter(([, share]) => share >= 0.1)
      .map(([category, share]) => `${category} ${share.toFixed(2)}`);
    return [
      name,
      `${behaviour.images_without_answer} of ${behaviour.images}`,
      rounded(behaviour.changes_in_10_s, 1),
      rounded(behaviour.changes_in_10_s_of_rest, 1),
      called.join(', ') || NONE,
      expressions.length === 0 ? NONE : `${named.length} of ${expressions.length}`,
      named.length === 0 ? NONE : `${median(named).toFixed(2)} s`,
    ];
  });
  const shown = [...new Set(Object.values(clips).flatMap(({ entropy }) => Object.keys(entropy)))];
  const entropies = Object.entries(clips).map(([name, { entropy }]) => [
    name,
    ...shown.map((what) => entropy[what]?.toFixed(2) ?? NONE),
  ]);
  const head = [
    'clip',
    'images without answer',
    'changes in 10 s',
    'in 10 s of rest',
    'rest is called',
    'expressions named',
    'after, median',
  ];
  return [
    table([head, ...rows]),
    restInWords(Object.values(clips)),
    table([['predictive entropy (nats)', ...shown], ...entropies]),
  ].join('\n\n');
}

/** The figures of all rest together. */
function restInWords(clips: readonly Behaviour[]): string {
  const seconds = clips.reduce((sum, { seconds_of_rest }) => sum + seconds_of_rest, 0);
  if (seconds === 0) return 'no rest';
  const mean = (of: (behaviour: Behaviour) => number | null) =>
    clips.reduce((sum, behaviour) => sum + (of(behaviour) ?? 0) * behaviour.seconds_of_rest, 0) / seconds;
  const neutral = mean(({ neutral_at_rest }) => neutral_at_rest).toFixed(2);
  const changes = mean(({ changes_in_10_s_of_rest }) => changes_in_10_s_of_rest).toFixed(1);
  return `rest, all clips: ${seconds.toFixed(0)} s, Neutral ${neutral}, ${changes} changes in 10 s`;
}

function rounded(value: number | null, digits: number): string {
  return value?.toFixed(digits) ?? NONE;
}

await runProgram(main);
