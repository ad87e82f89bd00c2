import type { LabelledImages } from '../datasets/image_tree.js';
import { stillWindow } from '../datasets/recording_windows.js';
import type { LabelledView } from '../datasets/view_samples.js';
import { ExpectedError, errorMessage } from '../errors.js';
import type { WindowDescription } from '../learner/model_holder.js';
import type { Appearance } from '../perception/appearance/face_appearance.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import type { Landmarks68 } from '../perception/landmarks/landmarks68.js';
import { sequenceView, viewedPositions } from './sequence_samples.js';

const FACE = 2 * LANDMARKS;

/** What turns image files into landmarks. */
export interface ImagePerception {
  /** @throws ExpectedError naming a file that cannot be decoded */
  readonly read: (path: string) => Promise<RgbImage>;
  /** The landmarks of the image's face (the best of several), in pixels; null where there is none. */
  readonly landmarksOf: (image: RgbImage) => Promise<Landmarks68 | null>;
  /** What the pixels of a face look like, given its landmarks; null where nobody looks at them. */
  readonly appearanceOf: (image: RgbImage, landmarks: Landmarks68) => Promise<Appearance | null>;
}

/** An image that gave no landmarks. */
export interface MissedImage {
  readonly file: string;
  /** `NO_FACE`, or what is wrong with the file. */
  readonly reason: string;
}

/** What an image without a face is listed with. */
export const NO_FACE = 'no face';

interface WindowView extends Pick<LabelledView, 'window' | 'ownNeutral'> {
  /** Of the newest image of the window. */
  readonly appearance: Appearance | null;
}

/**
 * The window of each sample's images: that of a sequence as of landmarks on disk, a still repeated. Only the images that a
 * window needs are looked at; the next sample's files are decoded meanwhile.
 *
 * @param onProgress hears of every sample that is done
 * @returns of each sample, in order, its window, or the first image that it needs and that gave no landmarks
 * @throws InvalidInputError where a sequence has too few frames; before any image is read
 */
export async function imageViews(
  samples: readonly LabelledImages[],
  window: WindowDescription,
  perception: ImagePerception,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<(WindowView | MissedImage)[]> {
  const positions = samples.map((images) => (images.kind === 'still' ? [0] : viewedPositions(images, window)));
  const decoded = (sample: number) =>
    Promise.all(
      (positions[sample] ?? []).map((position) => decodedOrMissed(samples[sample]!.files[position]!, perception.read)),
    );
  const views: (WindowView | MissedImage)[] = [];
  let next = decoded(0);
  for (const [sample, images] of samples.entries()) {
    const current = await next;
    next = decoded(sample + 1);
    // Heard where it is awaited, if it comes to that.
    next.catch(() => undefined);
    const seen = await faceOfFrames(images, positions[sample]!, current, perception);
    if ('reason' in seen) {
      views.push(seen);
    } else {
      const { landmarks, appearance } = seen;
      const view =
        images.kind === 'sequence'
          ? sequenceView({ ...images, landmarks }, window)
          : { window: stillWindow(landmarks, window.sequence_frames.length), ownNeutral: null };
      views.push({ ...view, appearance });
    }
    onProgress(sample + 1, samples.length);
  }
  return views;
}

/**
 * What is seen of a sample: landmarks (frames, 68, 2) in pixels, nought where a frame is not needed, and what the pixels of the last
 * one that is look like.
 */
async function faceOfFrames(
  { files }: LabelledImages,
  positions: readonly number[],
  decoded: readonly (RgbImage | MissedImage)[],
  { landmarksOf, appearanceOf }: ImagePerception,
): Promise<{ landmarks: Float32Array; appearance: Appearance | null } | MissedImage> {
  let appearance: Appearance | null = null;
  const newest = Math.max(...positions);
  const landmarks = new Float32Array(files.length * FACE);
  for (const [i, position] of positions.entries()) {
    const image = decoded[i]!;
    if ('reason' in image) return image;
    const found = await landmarksOf(image);
    if (found === null) return { file: files[position]!, reason: NO_FACE };
    landmarks.set(found, position * FACE);
    if (position === newest) appearance = await appearanceOf(image, found);
  }
  return { landmarks, appearance };
}

/** One bad file must not cost the answers to all others. */
async function decodedOrMissed(file: string, read: ImagePerception['read']): Promise<RgbImage | MissedImage> {
  try {
    return await read(file);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { file, reason: errorMessage(error) };
  }
}
