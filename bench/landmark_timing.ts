import type { RgbImage } from '../src/perception/image/rgb_image.js';
import type { LandmarkExtractor } from '../src/perception/landmarks/landmark_extractor.js';
import type { Perception } from '../src/perception/perception.js';
import { median } from './median.js';

/** How long an extractor takes, milliseconds. */
export interface LandmarkTiming {
  /** From decoded pixels to the points of one tracked face, detection every so often included; the mean over frames. */
  readonly ms_per_frame: number;
  /** The same, the median over frames: of a frame in which the detector does not look. */
  readonly median_ms_per_frame: number;
  /** To search a frame for faces, median. */
  readonly detector_ms: number;
  /** The points of one face whose place is known, median. */
  readonly landmarks_ms: number;
  /** As ms_per_frame, with four faces in the frame. */
  readonly ms_per_frame_four_faces: number;
}

/** Each measurement is done this often, and the middle one taken: other work on the machine disturbs some of them. */
const ROUNDS = 3;
/** Frames before the measurement, for engines and caches to warm up. */
const WARM_UP_FRAMES = 20;
const FRAME_SECONDS = 1 / 30;

/**
 * Times an extractor on frames that lie decoded in memory.
 *
 * @param startPerception follows faces with the extractor, and knows of none yet
 * @param oneFace frames with one face; @param fourFaces frames with four
 * @throws Error when a face is not found in every frame that is timed
 */
export async function timeExtractor(
  extractor: LandmarkExtractor,
  startPerception: () => Perception,
  oneFace: readonly RgbImage[],
  fourFaces: readonly RgbImage[],
): Promise<LandmarkTiming> {
  const one = await timePerception(startPerception, oneFace, 1);
  const four = await timePerception(startPerception, fourFaces, 4);
  const { detector, landmarks } = await timeParts(extractor, oneFace);
  return {
    ms_per_frame: one.mean,
    median_ms_per_frame: one.median,
    detector_ms: detector,
    landmarks_ms: landmarks,
    ms_per_frame_four_faces: four.mean,
  };
}

async function timePerception(startPerception: () => Perception, frames: readonly RgbImage[], faces: number) {
  const rounds: { mean: number; median: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const perception = startPerception();
    const times: number[] = [];
    let missed = 0;
    for (const [index, frame] of frames.entries()) {
      const start = performance.now();
      const found = await perception.process(frame, index * FRAME_SECONDS);
      const elapsed = performance.now() - start;
      if (index < WARM_UP_FRAMES) continue;
      times.push(elapsed);
      if (found.length !== faces) missed++;
    }
    // A frame with a face fewer takes less time: what is said has to be of frames with all of them.
    if (missed > times.length / 20) {
      throw new Error(`${missed} of ${times.length} frames have not ${faces} faces; their time says nothing`);
    }
    rounds.push({ mean: times.reduce((sum, time) => sum + time, 0) / times.length, median: median(times) });
  }
  return rounds.sort((first, second) => first.mean - second.mean)[Math.floor(ROUNDS / 2)]!;
}

async function timeParts(extractor: LandmarkExtractor, frames: readonly RgbImage[]) {
  const detector: number[] = [];
  const landmarks: number[] = [];
  for (const [index, frame] of frames.entries()) {
    const start = performance.now();
    const [detection] = await extractor.detect(frame);
    const detected = performance.now();
    if (!detection) continue;
    // The square of a tracked face comes from its own points, as a copy: nothing is known of it.
    const [face] = await extractor.extract(frame, [detection.square]);
    const extracting = performance.now();
    await extractor.extract(frame, [face!.square]);
    const extracted = performance.now();
    if (index < WARM_UP_FRAMES) continue;
    detector.push(detected - start);
    landmarks.push(extracted - extracting);
  }
  if (landmarks.length === 0) throw new Error('the detector finds no face in any frame');
  return { detector: median(detector), landmarks: median(landmarks) };
}
