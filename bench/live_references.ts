import type { ExpressionClassifier } from '../src/learner/expression_classifier.js';
import { ExpressionTracks } from '../src/learner/expression_tracks.js';
import type { ExpressionEstimate } from '../src/learner/inference/expression_estimate.js';
import { LANDMARKS } from '../src/perception/landmarks/dlib_landmarks.js';
import { LandmarkWindow } from '../src/perception/window/landmark_window.js';
import type { SeenFace } from './live_faces.js';

/** What the faces of a track are compared with. */
export type Reference = 'mean' | 'beginning' | 'second_ago' | 'running';

export const REFERENCES: Readonly<Record<Reference, string>> = {
  mean: "the extractor's mean face",
  beginning: "the face of the track's beginning",
  second_ago: 'the face a second ago',
  running: 'the running reference',
};

/** The answer to an image by itself, not smoothed; undefined where there is none. */
export interface OwnAnswer {
  readonly stampSeconds: number;
  readonly trackId: number;
  readonly estimate: ExpressionEstimate | undefined;
}

/** As the node draws them. */
const DRAWING = { mcdoRepeats: 30, seed: 1 };
const FACE = 2 * LANDMARKS;

/** The answers to a clip's face with one of the references. */
export async function ownAnswers(
  seen: readonly SeenFace[],
  classifier: ExpressionClassifier,
  reference: Reference,
): Promise<OwnAnswer[]> {
  const answerOf = reference === 'running' ? running(classifier) : compared(classifier, reference);
  const answers: OwnAnswer[] = [];
  for (const image of seen) {
    const { stampSeconds, face } = image;
    answers.push({ stampSeconds, trackId: face?.trackId ?? 0, estimate: await answerOf(image) });
  }
  return answers;
}

function running(classifier: ExpressionClassifier) {
  const tracks = new ExpressionTracks(classifier);
  return async ({ stampSeconds, face, trackIds }: SeenFace) => {
    tracks.keep(trackIds);
    const faces = face === undefined ? [] : [face];
    const [expression] = await tracks.update(stampSeconds, faces, { ...DRAWING, smoothingSeconds: 0 });
    return expression?.estimate;
  };
}

/** A face that was seen, aligned as reference faces are. */
interface PastFace {
  readonly stampSeconds: number;
  readonly face: Float32Array;
}

function compared(classifier: ExpressionClassifier, reference: Exclude<Reference, 'running'>) {
  const ages = classifier.windowAgesSeconds;
  const newest = ages.indexOf(Math.min(...ages));
  const newTrack = () => ({
    window: new LandmarkWindow({ longestAgeSeconds: Math.max(...ages) }),
    past: [] as PastFace[],
  });
  const tracks = new Map<number, ReturnType<typeof newTrack>>();
  return async ({ stampSeconds, face }: SeenFace) => {
    if (face === undefined) return undefined;
    const track = tracks.get(face.trackId) ?? newTrack();
    tracks.set(face.trackId, track);
    track.window.push(stampSeconds, face.landmarks);
    const full = track.window.resample(ages);
    if (full === null) return undefined;
    const now = classifier.alignment.align(full.landmarks.subarray(newest * FACE, (newest + 1) * FACE));
    track.past.push({ stampSeconds, face: now });
    const { past } = track;
    const beforeASecond = past.findLast((one) => stampSeconds - one.stampSeconds >= 1) ?? past[0]!;
    const referenceFace = { mean: null, beginning: past[0]!.face, second_ago: beforeASecond.face }[reference];
    const [estimate] = await classifier.classify(full.landmarks, 1, { ...DRAWING, referenceFaces: [referenceFace] });
    return estimate;
  };
}
