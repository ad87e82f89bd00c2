import type { LandmarkSequence } from '../src/datasets/landmark_tree.js';
import { ownNeutralFace } from '../src/datasets/neutral_faces.js';
import type { ExpressionClassifier } from '../src/learner/expression_classifier.js';
import { LANDMARKS } from '../src/perception/landmarks/dlib_landmarks.js';
import type { Landmarks68 } from '../src/perception/landmarks/landmarks68.js';
import { ownAnswers, type Reference } from './live_references.js';
import { steadied } from './live_smoothing.js';

/** What a made track shows one after the other. */
export const STAGES = ['first apex', 'rest', 'second apex'] as const;

const SECONDS: Readonly<Record<(typeof STAGES)[number], number>> = { 'first apex': 4, rest: 3, 'second apex': 4 };
const IMAGES_PER_SECOND = 10;
/** Sequences that tracks are made of, evenly chosen. */
const MOST_TRACKS = 50;

/** A person who appears at an expression's apex, rests, and shows it again. */
export interface MadeTrack {
  readonly category: string;
  readonly apex: Landmarks68;
  readonly neutral: Landmarks68;
}

/** Tracks of the sequences that begin with the person's neutral face, without Contempt, of which there are few. */
export function madeTracks(sequences: readonly LandmarkSequence[], classes: readonly string[]): MadeTrack[] {
  const all = sequences.flatMap((sequence): MadeTrack[] => {
    const { category, landmarks } = sequence;
    const neutral = ownNeutralFace(sequence);
    if (neutral === null || category === 'Contempt' || !classes.includes(category)) return [];
    return [{ category, apex: landmarks.subarray(landmarks.length - 2 * LANDMARKS), neutral }];
  });
  const step = Math.max(1, all.length / MOST_TRACKS);
  return Array.from({ length: Math.min(all.length, MOST_TRACKS) }, (_, i) => all[Math.floor(i * step)]!);
}

/** By stage: the share of the images that are named right, the person's rest as Neutral. */
export async function shareRight(
  tracks: readonly MadeTrack[],
  classifier: ExpressionClassifier,
  reference: Reference,
): Promise<Record<string, number>> {
  const counts = new Map<string, { right: number; images: number }>(
    STAGES.map((stage) => [stage, { right: 0, images: 0 }]),
  );
  for (const { category, apex, neutral } of tracks) {
    const stages = STAGES.flatMap((stage) => Array.from({ length: SECONDS[stage] * IMAGES_PER_SECOND }, () => stage));
    const seen = stages.map((stage, image) => ({
      stampSeconds: image / IMAGES_PER_SECOND,
      face: { trackId: 1, landmarks: stage === 'rest' ? neutral : apex },
      trackIds: [1],
    }));
    for (const [image, { estimate }] of steadied(await ownAnswers(seen, classifier, reference)).entries()) {
      const stage = stages[image]!;
      const count = counts.get(stage)!;
      if (estimate === undefined) continue;
      count.images++;
      if (estimate.category === (stage === 'rest' ? 'Neutral' : category)) count.right++;
    }
  }
  return Object.fromEntries([...counts].map(([stage, { right, images }]) => [stage, right / images]));
}
