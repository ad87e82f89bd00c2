import { InvalidInputError } from '../errors.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { FaceAlignment } from '../perception/window/face_alignment.js';
import type { WindowFeatures } from '../perception/window/window_features.js';
import { mirrorWindow } from './augmentation.js';
import { NEUTRAL } from './expression_windows.js';
import type { Recording } from './landmark_sources.js';
import { faceForMetadata, meanFace } from './mean_face.js';

const FACE = 2 * LANDMARKS;

/** The number of a sequence's file that holds the person's neutral face; later ones hold the expression. */
export const NEUTRAL_FRAME = 0;

/** Whether the first of some frames shows the person's neutral face. */
export function beginsNeutral({ frameNumbers }: { frameNumbers: readonly number[] }): boolean {
  return frameNumbers[0] === NEUTRAL_FRAME;
}

/** The person's own neutral face in some frames, (68, 2) in pixels; null where they do not begin with it. */
export function ownNeutralFace(frames: {
  frameNumbers: readonly number[];
  landmarks: Float32Array;
}): Float32Array | null {
  return beginsNeutral(frames) ? frames.landmarks.subarray(0, FACE) : null;
}

/** Extractors that any recording was seen by, in alphabetical order. */
export function extractorsOf(recordings: readonly Recording[]): string[] {
  return [...new Set(recordings.flatMap(({ views }) => [...views.keys()]))].sort();
}

/**
 * The mean face and each extractor's mean neutral face, aligned to it. The extractors' faces are of the same stills, those
 * labelled Neutral that every extractor with stills found, so that they differ by what the extractors make of a face and
 * by nothing else; an extractor without stills has the mean of the first frames that it saw. All are symmetrical, so that a
 * mirrored window gives the mirrored sample.
 *
 * @throws InvalidInputError naming an extractor without any neutral face
 */
export function neutralFaces(
  recordings: readonly Recording[],
  choice: Pick<WindowFeatures, 'alignment' | 'points'>,
): { mean_face: number[]; reference_faces: Record<string, number[]> } {
  const stills = recordings.filter(({ kind }) => kind === 'still');
  const withStills = extractorsOf(stills);
  const paired = stills.filter(({ category, views }) => category === NEUTRAL && views.size === withStills.length);
  const byExtractor = extractorsOf(recordings).map((extractor) => {
    const faces =
      withStills.includes(extractor) && paired.length > 0
        ? paired.map(({ views }) => views.get(extractor)!.landmarks)
        : recordings.flatMap(({ views }) => {
            const frames = views.get(extractor);
            const own = frames === undefined ? null : ownNeutralFace(frames);
            return own === null ? [] : [own];
          });
    if (faces.length === 0) {
      const expected = `neutral faces of it: stills labelled ${NEUTRAL}, or sequences with a file ${NEUTRAL_FRAME}.npy`;
      throw new InvalidInputError('the extractor', extractor, expected, 'the sources');
    }
    return { extractor, faces };
  });
  const mean_face = faceForMetadata(symmetrical(meanFace(byExtractor.flatMap(({ faces }) => faces))));
  const alignment = new FaceAlignment({ ...choice, mean_face });
  const reference_faces = byExtractor.map(({ extractor, faces }) => {
    const sum = new Float64Array(FACE);
    const aligned = new Float32Array(FACE);
    for (const face of faces) {
      alignment.align(face, aligned);
      for (let i = 0; i < FACE; i++) sum[i] = sum[i]! + aligned[i]!;
    }
    const mean = Float32Array.from(sum, (value) => value / faces.length);
    return [extractor, faceForMetadata(symmetrical(mean))] as const;
  });
  return { mean_face, reference_faces: Object.fromEntries(reference_faces) };
}

/** The mean of a face and its mirror image. */
function symmetrical(face: Float32Array): Float32Array {
  const mirrored = mirrorWindow(face);
  return face.map((value, i) => (value + mirrored[i]!) / 2);
}
