import { z } from 'zod';
import { parseOptions } from '../options.js';
import { associate } from './faces/associate.js';
import { type Box, intersectionOverUnion } from './faces/box.js';
import type { FaceDetector } from './faces/face_detector.js';
import { FaceTrack } from './faces/face_track.js';
import { TinyFaceDetector } from './faces/tiny_face_detector.js';
import type { RgbImage } from './image/rgb_image.js';
import { FaceApiLandmarkExtractor } from './landmarks/face_api_landmark_extractor.js';
import type { LandmarkExtractor } from './landmarks/landmark_extractor.js';
import { cropAround, type Landmarks68 } from './landmarks/landmarks68.js';

/** The options of Perception; the scores are those of the tiny face detector, 0 to 1. */
export const perceptionSchema = z.strictObject({
  /** Faces that are followed at once at most; where there are more, the detector's best. */
  maxFaces: z.int().min(1).max(64).default(8),
  /** The whole image is searched in every so many images, and in each while no face or a lost one is tracked. */
  detectionIntervalFrames: z.int().min(1).default(10),
  /** A tracked face is checked in every so many images, and whenever its landmarks look doubtful. */
  verificationIntervalFrames: z.int().min(1).default(3),
  confirmScore: z.number().min(0).max(1).default(0.4),
  confirmFrames: z.int().min(1).default(2),
  certainScore: z.number().min(0).max(1).default(0.6),
  keepScore: z.number().min(0).max(1).default(0.3),
  maxMissedFrames: z.int().min(0).default(10),
  /** Images further apart than this (or a stamp that goes back) are not taken for neighbours: all is checked anew. */
  maxGapSeconds: z.number().positive().default(0.5),
});

/** The options of Perception, those with a default left out at will. */
export type PerceptionOptions = z.input<typeof perceptionSchema>;

/** A face of an image, followed from the images before. */
export interface TrackedFace {
  /** 1, 2, ...: stays with a face from image to image; never given to another. */
  readonly trackId: number;
  /** Pixels; it may reach over the image's edges where a face is cut by them. */
  readonly box: Box;
  /** Pixels. */
  readonly landmarks: Landmarks68;
  /** 0 to 1: how sure the detector was when it last looked at the face. */
  readonly score: number;
}

/** How far a face can get while it is tracked, and while it is lost, in face sizes. */
const TRACKED_REACH = 0.5;
const LOST_REACH = 1.5;
/** Tracks whose boxes overlap more than this are of the same face. */
const DUPLICATE_OVERLAP = 0.45;

/**
 * Faces with landmarks and stable ids from a stream of images. The landmarks of a face are looked for around where
 * they were in the image before, which is faster and steadier than a detector's box; the detector looks at the whole
 * image now and then for new faces, and at each tracked face often enough that one that left is soon dropped.
 */
export class Perception {
  readonly #detector: FaceDetector;
  readonly #extractor: LandmarkExtractor;
  readonly #options: z.output<typeof perceptionSchema>;
  #maxFaces: number;
  #tracks: FaceTrack[] = [];
  #lastId = 0;
  #framesSinceDetection = 0;
  #lastStampSeconds: number | undefined;

  /** @throws InvalidInputError for unknown or invalid options */
  constructor(detector: FaceDetector, extractor: LandmarkExtractor, options: PerceptionOptions = {}) {
    this.#detector = detector;
    this.#extractor = extractor;
    this.#options = parseOptions(perceptionSchema, options, 'the options of Perception');
    this.#maxFaces = this.#options.maxFaces;
  }

  /** Perception with face-api.js's detector and landmarks. */
  static async load(options: PerceptionOptions = {}): Promise<Perception> {
    return new Perception(await TinyFaceDetector.load(), await FaceApiLandmarkExtractor.load(), options);
  }

  /** The ids of the faces that are tracked, also those that are hidden for a moment. */
  get trackIds(): number[] {
    return this.#tracks.filter(({ id }) => id > 0).map(({ id }) => id);
  }

  /** Changes maxFaces from the next image on; the faces that have been there the longest stay. */
  setMaxFaces(maxFaces: number): void {
    this.#maxFaces = parseOptions(perceptionSchema.pick({ maxFaces: true }), { maxFaces }, 'setMaxFaces').maxFaces;
  }

  /**
   * The faces of the next image. Not to be called again before the promise is settled.
   *
   * @param stampSeconds when the image was taken
   */
  async process(image: RgbImage, stampSeconds: number): Promise<TrackedFace[]> {
    const elapsed = this.#lastStampSeconds === undefined ? 0 : stampSeconds - this.#lastStampSeconds;
    this.#lastStampSeconds = stampSeconds;
    const cut = elapsed < 0 || elapsed > this.#options.maxGapSeconds;
    this.#tracks.splice(this.#maxFaces);
    const regular = cut || this.#framesSinceDetection + 1 >= this.#options.detectionIntervalFrames;
    for (const track of this.#tracks) await this.#follow(track, image, regular);
    // Only now is it known which faces were lost, so that one seen elsewhere can be told from a new one.
    if (regular || this.#isWanting()) {
      this.#framesSinceDetection = 0;
      const found = this.#admit(await this.#detector.detect(image));
      for (const track of found) await this.#follow(track, image, true);
    } else {
      this.#framesSinceDetection++;
    }
    this.#tracks = withoutDuplicates(this.#tracks.filter((track) => !track.hasEnded(this.#options)));
    return this.#tracks
      .filter(({ visible }) => visible)
      .map(({ id, box, landmarks, score }) => ({
        trackId: id,
        box,
        landmarks: landmarks!,
        score,
      }));
  }

  /** Whether there is no face, or one was lost. */
  #isWanting(): boolean {
    return !this.#tracks.some(({ id }) => id > 0) || this.#tracks.some(({ missedFrames }) => missedFrames > 0);
  }

  /**
   * Takes in what the detector saw: lost faces move there, and what belongs to no track starts one.
   *
   * @returns the tracks that have to be followed in this image (again)
   */
  #admit(detections: readonly { readonly box: Box }[]): FaceTrack[] {
    const found: FaceTrack[] = [];
    const places = this.#tracks.map(({ box, missedFrames }) => ({
      box,
      reach: missedFrames > 0 ? LOST_REACH : TRACKED_REACH,
    }));
    const assigned = associate(
      places,
      detections.map(({ box }) => box),
    );
    detections.forEach(({ box }, index) => {
      const track = this.#tracks[assigned[index]!];
      if (track) {
        if (track.missedFrames > 0) {
          track.moveTo(box);
          found.push(track);
        }
      } else if (this.#tracks.length < this.#maxFaces) {
        const started = new FaceTrack(box);
        this.#tracks.push(started);
        found.push(started);
      }
    });
    return found;
  }

  async #follow(track: FaceTrack, image: RgbImage, verify: boolean): Promise<void> {
    let landmarks = await this.#extractor.extract(image, track.square);
    if (track.fresh) {
      track.square = cropAround(landmarks);
      landmarks = await this.#extractor.extract(image, track.square);
    }
    track.framesSinceVerified++;
    const due =
      verify ||
      track.fresh ||
      track.id === 0 ||
      track.missedFrames > 0 ||
      track.framesSinceVerified >= this.#options.verificationIntervalFrames ||
      track.isDoubtful(landmarks);
    if (due) {
      const score = await this.#detector.verify(image, cropAround(landmarks));
      if (!track.judge(score, this.#options, () => ++this.#lastId)) {
        track.miss();
        return;
      }
    }
    track.follow(landmarks);
  }
}

/** Leaves out tracks that have come onto the face of an older one. */
function withoutDuplicates(tracks: readonly FaceTrack[]): FaceTrack[] {
  const kept: FaceTrack[] = [];
  for (const track of tracks) {
    if (!kept.some(({ box }) => intersectionOverUnion(box, track.box) > DUPLICATE_OVERLAP)) kept.push(track);
  }
  return kept;
}
