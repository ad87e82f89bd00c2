/**
 * What the decisions about live faces rest on: what a face is compared with, and how answers are smoothed, each tried on
 * clips of faces and on tracks made of sequences that begin with the person's neutral face.
 *
 * Usage: npm run bench:live-decisions -- [--json | --markdown] [--model FOLDER/NAME] [--clips FOLDER]... [--only TEXT]
 *   [--sequences TREE] [--extractor NAME]
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readLandmarkTree } from '../src/datasets/landmark_tree.js';
import { Progress } from '../src/progress.js';
import { sharedData } from '../test/support/clips.js';
import { behaviourOf } from './live_behaviour.js';
import { seenFaces } from './live_faces.js';
import { notedClips } from './live_notes.js';
import { LIVE_OPTIONS, openModel } from './live_options.js';
import { type OwnAnswer, ownAnswers, REFERENCES, type Reference } from './live_references.js';
import { type NotedAnswers, SMOOTHINGS, type SmoothingReport, smoothingReport, steadied } from './live_smoothing.js';
import { madeTracks, STAGES, shareRight } from './live_tracks.js';
import { runProgram } from './run_program.js';
import { markdownTable, type TableStyle, textTable } from './text_table.js';

/** What the tracks' landmarks were found by. */
const SEQUENCES_EXTRACTOR = 'dlib';

interface Decisions {
  /** By reference, then by clip. */
  readonly references: Readonly<Record<string, Readonly<Record<string, ReferenceFigures>>>>;
  readonly smoothing: readonly SmoothingReport[];
  /** By reference, then by stage: share of the images that are named right. */
  readonly tracks: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

interface ReferenceFigures {
  readonly neutral_at_rest: number | null;
  readonly happy_shown: number | null;
  readonly changes_in_10_s_of_rest: number | null;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { ...LIVE_OPTIONS, sequences: { type: 'string', default: join(sharedData, 'ckplus_landmarks') } },
  });
  const clips = notedClips(values.clips, values.only);
  const sequences = readLandmarkTree(values.sequences);
  const names = Object.keys(REFERENCES) as Reference[];
  const progress = new Progress('clips done:');
  const classifier = await openModel(values.model, values.extractor);
  const references = new Map(names.map((name) => [name, {} as Record<string, ReferenceFigures>]));
  const runningAnswers: NotedAnswers[] = [];
  for (const [index, clip] of clips.entries()) {
    // Decided by landmarks: pixels tell rest from expressions whatever the landmarks are compared with.
    const seen = await seenFaces(clip, values.extractor, false);
    for (const name of names) {
      const own = await ownAnswers(seen, classifier, name);
      references.get(name)![clip.name] = figures(own, clip.notes);
      if (name === 'running') runningAnswers.push({ own, notes: clip.notes });
    }
    progress.update(index + 1, clips.length);
  }
  progress.end();
  await classifier.release();
  const ofSequences = await openModel(values.model, SEQUENCES_EXTRACTOR);
  const made = madeTracks(sequences, ofSequences.classes);
  const tracks: Record<string, Record<string, number>> = {};
  for (const name of names) tracks[name] = await shareRight(made, ofSequences, name);
  await ofSequences.release();
  const result: Decisions = {
    references: Object.fromEntries(references),
    smoothing: SMOOTHINGS.map((smoothing) => smoothingReport(runningAnswers, smoothing)),
    tracks,
  };
  console.log(values.json ? JSON.stringify(result) : inWords(result, values.markdown ? markdownTable : textTable));
}

function figures(own: readonly OwnAnswer[], notes: NotedAnswers['notes']): ReferenceFigures {
  const { neutral_at_rest, changes_in_10_s_of_rest, expressions } = behaviourOf(steadied(own), notes);
  const happy = expressions.filter(({ category }) => category === 'Happy').map(({ share }) => share);
  return {
    neutral_at_rest,
    happy_shown: happy.length === 0 ? null : happy.reduce((sum, share) => sum + share, 0) / happy.length,
    changes_in_10_s_of_rest,
  };
}

function inWords({ references, smoothing, tracks }: Decisions, table: TableStyle): string {
  const two = (value: number | null) => value?.toFixed(2) ?? 'none';
  const clips = Object.keys(Object.values(references)[0]!);
  const byClip = (title: string, key: keyof ReferenceFigures, digits = 2) => {
    const shown = clips.filter((clip) => Object.values(references).some((of) => of[clip]![key] !== null));
    if (shown.length === 0) return `${title}: not in these clips`;
    const rows = shown.map((clip) => [
      clip,
      ...Object.values(references).map((of) => of[clip]![key]?.toFixed(digits) ?? 'none'),
    ]);
    return table([[title, ...Object.keys(references).map((name) => REFERENCES[name as Reference])], ...rows]);
  };
  const smoothed = smoothing.map(({ smoothing_ms, margin, changes_in_10_s_of_rest, lag_s, not_named, expressions }) => [
    `${smoothing_ms} ms, margin ${margin}`,
    changes_in_10_s_of_rest?.toFixed(1) ?? 'none',
    lag_s === null ? 'none' : `${lag_s.toFixed(2)} s`,
    `${not_named} of ${expressions}`,
  ]);
  const made = Object.entries(tracks).map(([name, shares]) => [
    REFERENCES[name as Reference],
    ...STAGES.map((stage) => two(shares[stage]!)),
  ]);
  return [
    byClip('at rest: Neutral', 'neutral_at_rest'),
    byClip('smiles: Happy', 'happy_shown'),
    byClip('changes in 10 s of rest', 'changes_in_10_s_of_rest', 1),
    table([['smoothing', 'changes in 10 s of rest', 'lag, median', 'not named'], ...smoothed]),
    table([['made tracks: named right', ...STAGES], ...made]),
  ].join('\n\n');
}

await runProgram(main);
