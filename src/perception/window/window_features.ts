import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import { FIRST_INNER_LANDMARK, LANDMARKS } from '../landmarks/dlib_landmarks.js';
import { FaceAlignment } from './face_alignment.js';
import { MUSCLE_EDGES, type Muscles, musclesSchema, writeMuscles } from './muscles.js';
import { referenceFaceOf } from './reference_faces.js';

const face = z.array(z.number()).length(2 * LANDMARKS);

/** How the features of windows are chosen: what a recipe says of them. */
export const featureChoiceSchema = z.strictObject({
  /** 'inner': the 51 points without the jaw; 'all': 68. */
  points: z.enum(['inner', 'all']).default('inner'),
  /**
   * Points that each frame's similarity alignment to the mean face goes by: all chosen ones, the inner ones, or those that
   * expressions hardly move.
   */
  alignment: z.enum(['all', 'inner', 'steady']).default('all'),
  /**
   * 'displacement': frames 1.. minus frame 0; 'position': every frame as it is; 'displacement_from_reference': every frame
   * minus a reference face, the person's own neutral one where it is known, else the extractor's mean neutral one.
   */
  representation: z.enum(['displacement', 'position', 'displacement_from_reference']).default('displacement'),
  /**
   * Whether samples are made of muscles instead of points: differences of points that an edge of the Delaunay triangulation
   * of the mean face joins, and of every point and the one below the nose.
   */
  muscles: z.enum(['none', ...MUSCLE_EDGES]).default('none'),
});

/**
 * How a window of landmarks becomes the network's input. It is part of a model's metadata: training and the live node
 * make their inputs by this one description.
 */
export const windowFeaturesSchema = z
  .strictObject({
    points: featureChoiceSchema.shape.points.unwrap(),
    alignment: featureChoiceSchema.shape.alignment.unwrap(),
    representation: featureChoiceSchema.shape.representation.unwrap(),
    /** The mean face (68, 2), flat, whose eyes' outer corners are 1 apart. */
    mean_face: face,
    /** By extractor: its mean neutral face (68, 2), flat, aligned to the mean face; for displacement_from_reference. */
    reference_faces: z.record(z.string(), face).optional(),
    /** Pairs of the chosen points, whose differences the samples are made of; left out: the points themselves. */
    muscles: musclesSchema.optional(),
  })
  .refine(
    ({ points, muscles = [] }) => muscles.every((pair) => pair.every((point) => point < pointCount({ points }))),
    { path: ['muscles'], message: 'pairs of the points that there are' },
  )
  .refine(
    ({ representation, reference_faces: faces }) =>
      comparesWithReference({ representation }) === (faces !== undefined && Object.keys(faces).length > 0),
    { path: ['reference_faces'], message: 'one face or more with displacement_from_reference, and none without' },
  );

const FACE = 2 * LANDMARKS;

export type WindowFeatures = z.output<typeof windowFeaturesSchema>;

/** Whether frames are compared with a reference face: the person's own neutral one, or the extractor's mean one. */
export function comparesWithReference({
  representation,
}: Pick<z.output<typeof featureChoiceSchema>, 'representation'>): boolean {
  return representation === 'displacement_from_reference';
}

/** V of a sample: the number of its points, or of its muscles. */
export function pointCount(features: {
  readonly points: 'inner' | 'all';
  readonly muscles?: Muscles | undefined;
}): number {
  if (features.muscles !== undefined) return features.muscles.length;
  return features.points === 'all' ? LANDMARKS : LANDMARKS - FIRST_INNER_LANDMARK;
}

/** Number of frames T of a sample that is made from a window of `windowFrames` frames. */
export function sampleFrames(features: Pick<WindowFeatures, 'representation'>, windowFrames: number): number {
  return features.representation === 'displacement' ? windowFrames - 1 : windowFrames;
}

/** Turns windows of landmarks into samples of the network. */
export class WindowPreparer {
  /** Aligns faces as those of the windows are: a reference face has to be aligned by it. */
  readonly alignment: FaceAlignment;
  /** The extractor's mean neutral face (68, 2), aligned; null where the representation needs no reference face. */
  readonly extractorFace: Float32Array | null;
  private readonly firstPoint: number;
  private readonly points: number;
  private readonly aligned: Float32Array;

  /**
   * @param extractor what the landmarks come from; null where it is not known, which displacement_from_reference refuses
   * @throws InvalidInputError where there is no mean neutral face of the extractor; see `nearestExtractor`
   */
  constructor(
    private readonly features: WindowFeatures,
    private readonly windowFrames: number,
    extractor: string | null,
  ) {
    this.alignment = new FaceAlignment(features);
    this.extractorFace = comparesWithReference(features) ? referenceFaceOf(features, extractor) : null;
    this.points = pointCount({ points: features.points });
    this.firstPoint = LANDMARKS - this.points;
    this.aligned = new Float32Array(windowFrames * FACE);
  }

  /**
   * @param window landmarks (windowFrames, 68, 2) in pixels, at any scale, place and rotation in the plane
   * @param sample where (2, T, V) is written, in units of the distance between the eyes' outer corners
   * @param referenceFace what displacement_from_reference goes by: the person's neutral face (68, 2), aligned by `alignment`,
   *   or a mixture of it and `extractorFace` where it is not known for sure; null for `extractorFace`
   * @throws InvalidInputError for a reference face with another representation
   */
  prepare(window: Float32Array, sample: Float32Array, referenceFace: Float32Array | null = null): void {
    const { aligned } = this;
    for (let frame = 0; frame < this.windowFrames; frame++) {
      const [start, end] = [frame * FACE, (frame + 1) * FACE];
      this.alignment.align(window.subarray(start, end), aligned.subarray(start, end));
    }
    if (this.extractorFace !== null) {
      this.write(aligned, referenceFace ?? this.extractorFace, sample);
      return;
    }
    if (referenceFace !== null) {
      const { representation } = this.features;
      throw new InvalidInputError('representation', representation, 'displacement_from_reference', 'WindowPreparer');
    }
    if (this.features.representation === 'position') this.write(aligned, null, sample);
    else this.write(aligned.subarray(FACE), aligned.subarray(0, FACE), sample);
  }

  /** Writes frames (T, 68, 2), minus a face where one is given, as (2, T, V): points, or muscles. */
  private write(frames: Float32Array, minus: Float32Array | null, sample: Float32Array): void {
    const { points, features } = this;
    if (features.muscles === undefined) {
      this.writePoints(frames, minus, sample);
      return;
    }
    const ofPoints = new Float32Array((2 * frames.length * points) / FACE);
    this.writePoints(frames, minus, ofPoints);
    writeMuscles(ofPoints, points, features.muscles, sample);
  }

  private writePoints(frames: Float32Array, minus: Float32Array | null, sample: Float32Array): void {
    const { points } = this;
    const count = frames.length / FACE;
    for (let coordinate = 0; coordinate < 2; coordinate++) {
      for (let frame = 0; frame < count; frame++) {
        for (let point = 0; point < points; point++) {
          const place = 2 * (this.firstPoint + point) + coordinate;
          const value = frames[frame * FACE + place]! - (minus === null ? 0 : minus[place]!);
          sample[(coordinate * count + frame) * points + point] = value;
        }
      }
    }
  }
}
