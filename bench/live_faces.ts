import type { FaceOfTrack } from '../src/learner/expression_tracks.js';
import { FaceAppearance } from '../src/perception/appearance/face_appearance.js';
import type { RgbImage } from '../src/perception/image/rgb_image.js';
import { loadLandmarkExtractor } from '../src/perception/load_landmark_extractor.js';
import { Perception } from '../src/perception/perception.js';
import { readFrames } from '../test/support/clips.js';
import type { NotedClip } from './live_notes.js';

/** What perception sees in one image of a clip. */
export interface SeenFace {
  readonly stampSeconds: number;
  /** The first face; undefined where it is not seen. */
  readonly face: FaceOfTrack | undefined;
  /** Tracks that go on. */
  readonly trackIds: readonly number[];
}

/** Frames decoded at once. */
const CHUNK = 400;

/**
 * The first face of a clip, image by image by the clip's own clock.
 *
 * @param looksAtPixels whether its appearance is looked at too
 */
export async function seenFaces(
  { file, imagesPerSecond }: Pick<NotedClip, 'file' | 'imagesPerSecond'>,
  extractorName: string,
  looksAtPixels = true,
): Promise<SeenFace[]> {
  const extractor = await loadLandmarkExtractor(extractorName);
  const options = { maxFaces: 1, appearance: looksAtPixels };
  const perception = new Perception(extractor, options, await FaceAppearance.load());
  const seen: SeenFace[] = [];
  try {
    let frames: RgbImage[];
    do {
      frames = readFrames(file, CHUNK, seen.length);
      for (const frame of frames) {
        const stampSeconds = seen.length / imagesPerSecond;
        const [face] = await perception.process(frame, stampSeconds);
        seen.push({ stampSeconds, face, trackIds: [...perception.trackIds] });
      }
    } while (frames.length === CHUNK);
    return seen;
  } finally {
    await perception.release();
  }
}
