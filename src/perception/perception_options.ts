import { z } from 'zod';
import { LONGEST_GAP_SECONDS } from './window/longest_gap.js';

/** The options of Perception. */
export const perceptionSchema = z.strictObject({
  /** Faces that are followed at once at most; where there are more, the detector's best. */
  maxFaces: z.int().min(1).max(64).default(8),
  /** The whole image is searched in every so many images, and in each while no face or a lost one is tracked. */
  detectionIntervalFrames: z.int().min(1).default(10),
  /** A face is told of once it was seen in so many images. */
  minSeenFrames: z.int().min(1).default(1),
  /** A face that was not seen for more than this many images has left. */
  maxMissedFrames: z.int().min(0).default(10),
  /** Images further apart than this (or a stamp that goes back) are not taken for neighbours: all is checked anew. */
  maxGapSeconds: z.number().positive().default(LONGEST_GAP_SECONDS),
  /** Whether the points of each face are filtered over time (One Euro filter): steadier, and a little later. */
  smoothLandmarks: z.boolean().default(false),
  /** Whether the pixels of each face are looked at for its expression, where the network for it was loaded. */
  appearance: z.boolean().default(true),
});

/** The options of Perception, those with a default left out at will. */
export type PerceptionOptions = z.input<typeof perceptionSchema>;
