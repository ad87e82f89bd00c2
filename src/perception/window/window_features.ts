import { z } from 'zod';
import { FIRST_INNER_LANDMARK, LANDMARKS, STEADY_LANDMARKS } from '../landmarks/dlib_landmarks.js';
import { applySimilarity, fitSimilarity } from './similarity_transform.js';

/**
 * How a window of landmarks becomes the network's input. It is part of a model's metadata: training and the live node
 * make their inputs by this one description.
 */
export const windowFeaturesSchema = z.strictObject({
  /** 'inner': the 51 points without the jaw; 'all': 68. */
  points: z.enum(['inner', 'all']),
  /** Points that each frame's similarity alignment to the mean face goes by: all chosen ones, or those that expressions hardly move. */
  alignment: z.enum(['all', 'steady']),
  /** 'displacement': frames 1.. minus frame 0; 'position': every frame as it is. */
  representation: z.enum(['displacement', 'position']),
  /** The mean face (68, 2), flat, whose eyes' outer corners are 1 apart. */
  mean_face: z.array(z.number()).length(2 * LANDMARKS),
});

export type WindowFeatures = z.output<typeof windowFeaturesSchema>;

/** Number of points V of a sample. */
export function pointCount(features: Pick<WindowFeatures, 'points'>): number {
  return features.points === 'all' ? LANDMARKS : LANDMARKS - FIRST_INNER_LANDMARK;
}

/** Number of frames T of a sample that is made from a window of `windowFrames` frames. */
export function sampleFrames(features: Pick<WindowFeatures, 'representation'>, windowFrames: number): number {
  return features.representation === 'displacement' ? windowFrames - 1 : windowFrames;
}

/** Turns windows of landmarks into samples of the network. */
export class WindowPreparer {
  private readonly meanFace: Float32Array;
  private readonly alignmentPoints: readonly number[];
  private readonly firstPoint: number;
  private readonly points: number;

  constructor(
    private readonly features: WindowFeatures,
    private readonly windowFrames: number,
  ) {
    this.meanFace = Float32Array.from(features.mean_face);
    this.points = pointCount(features);
    this.firstPoint = LANDMARKS - this.points;
    this.alignmentPoints =
      features.alignment === 'steady'
        ? STEADY_LANDMARKS
        : Array.from({ length: this.points }, (_, i) => this.firstPoint + i);
  }

  /**
   * @param window landmarks (windowFrames, 68, 2) in pixels, at any scale, place and rotation in the plane
   * @param sample where (2, T, V) is written, in units of the distance between the eyes' outer corners
   */
  prepare(window: Float32Array, sample: Float32Array): void {
    const size = 2 * LANDMARKS;
    const aligned = new Float32Array(window.length);
    for (let frame = 0; frame < this.windowFrames; frame++) {
      const landmarks = window.subarray(frame * size, (frame + 1) * size);
      const transform = fitSimilarity(landmarks, this.meanFace, this.alignmentPoints);
      applySimilarity(transform, landmarks, 0, aligned, frame * size, LANDMARKS);
    }
    const skipped = this.features.representation === 'displacement' ? 1 : 0;
    const frames = this.windowFrames - skipped;
    for (let coordinate = 0; coordinate < 2; coordinate++) {
      for (let frame = 0; frame < frames; frame++) {
        for (let point = 0; point < this.points; point++) {
          const place = 2 * (this.firstPoint + point) + coordinate;
          const reference = skipped === 1 ? aligned[place]! : 0;
          const value = aligned[(frame + skipped) * size + place]! - reference;
          sample[(coordinate * frames + frame) * this.points + point] = value;
        }
      }
    }
  }
}
