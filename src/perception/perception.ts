import type { z } from 'zod';
import { InvalidInputError } from '../errors.js';
import { parseOptions } from '../options.js';
import { FaceAppearance } from './appearance/face_appearance.js';
import { lookAtPixels } from './appearance/look_at_pixels.js';
import { associate } from './faces/associate.js';
import { intersectionOverUnion } from './faces/box.js';
import { boxAround, FaceTrack, type TrackRules } from './faces/face_track.js';
import { withoutRepeats } from './faces/without_repeats.js';
import { partsOfImage } from './image/image_parts.js';
import type { RgbImage } from './image/rgb_image.js';
import type { FaceDetection, LandmarkExtractor } from './landmarks/landmark_extractor.js';
import { DEFAULT_LANDMARK_EXTRACTOR, type LoadableExtractorName } from './landmarks/landmark_extractor_name.js';
import { type LandmarkExtractorOptions, loadLandmarkExtractor } from './load_landmark_extractor.js';
import { type PerceptionOptions, perceptionSchema } from './perception_options.js';
import { checkSpread } from './reliability/check_spread.js';
import { faceReliability } from './reliability/face_reliability.js';
import { faceView } from './reliability/face_view.js';
import type { TrackedFace } from './tracked_face.js';

/** How far a face can get while it is tracked, and while it is lost, in face sizes. */
const TRACKED_REACH = 0.5;
const LOST_REACH = 1.5;
/** Boxes that overlap more than this are of the same face. */
const SAME_FACE_OVERLAP = 0.45;
/**
 * While no face is seen, points are looked for this often where the detector saw one, each time about the points before:
 * about a small face its square is so rough that the mesh with attention may not believe its own points (on one of 8
 * clips with faces of 70 pixels in none of 60 images). Beside a face that is seen it is as often something else.
 */
const TRIES = 4;

/**
 * Faces with landmarks and stable ids from a stream of images. The landmarks of a face are looked for around where
 * they were in the image before, which is faster and steadier than a detector's box; the detector looks at the whole
 * image now and then for new faces, and while a face is lost.
 */
export class Perception {
  readonly #extractor: LandmarkExtractor;
  readonly #appearance: FaceAppearance | undefined;
  /** Of the image in work. */
  #options: z.output<typeof perceptionSchema>;
  /** From the next image on. */
  #wanted: z.output<typeof perceptionSchema>;
  #tracks: FaceTrack[] = [];
  #lastId = 0;
  #framesSinceDetection = 0;
  #searchedParts = 0;
  #lastStampSeconds: number | undefined;
  #detectionMilliseconds = 0;

  /**
   * @param extractor released with this
   * @param appearance what looks at the pixels of faces, released with this; left out, nothing does
   * @throws InvalidInputError for unknown or invalid options
   */
  constructor(extractor: LandmarkExtractor, options: PerceptionOptions = {}, appearance?: FaceAppearance) {
    this.#extractor = extractor;
    this.#appearance = appearance;
    this.#options = parseOptions(perceptionSchema, options, 'the options of Perception');
    this.#wanted = this.#options;
  }

  /**
   * Perception with one of the extractors that come with this package, and with what looks at the pixels of faces.
   *
   * @param options landmarkExtractor: its name, `face_mesh_attention` by default; shapePredictor, threads, detectorSize,
   *   detectorThreshold: those of loadLandmarkExtractor; the others are the constructor's
   * @throws InvalidInputError for unknown or invalid options, and when a network or the file cannot be read
   */
  static async load({
    landmarkExtractor = DEFAULT_LANDMARK_EXTRACTOR,
    shapePredictor,
    threads,
    detectorSize,
    detectorThreshold,
    ...options
  }: PerceptionOptions &
    LandmarkExtractorOptions & { readonly landmarkExtractor?: LoadableExtractorName } = {}): Promise<Perception> {
    parseOptions(perceptionSchema, options, 'the options of Perception');
    const loading = { shapePredictor, threads, detectorSize, detectorThreshold };
    const extractor = await loadLandmarkExtractor(landmarkExtractor, loading);
    try {
      return new Perception(extractor, options, await FaceAppearance.load(threads));
    } catch (error) {
      await extractor.release();
      throw error;
    }
  }

  /** The name of what finds the landmarks. */
  get landmarkExtractor(): string {
    return this.#extractor.name;
  }

  /** The ids of the faces that are tracked, also those that are hidden for a moment. */
  get trackIds(): number[] {
    return this.#tracks.filter(({ id }) => id > 0).map(({ id }) => id);
  }

  /** What the search for new and lost faces took in the last image; the rest of its time went into landmarks. */
  get detectionMilliseconds(): number {
    return this.#detectionMilliseconds;
  }

  /**
   * Changes the options that are given, from the next image on. With fewer maxFaces the faces that have been there the
   * longest stay.
   *
   * @throws InvalidInputError for unknown or invalid options
   */
  set(options: PerceptionOptions): void {
    this.#wanted = parseOptions(perceptionSchema, { ...this.#wanted, ...options }, 'Perception.set');
  }

  /** Forgets every face: the next image is taken for the first one, and ids begin at 1. Not to be called while one is in work. */
  reset(): void {
    this.#tracks = [];
    this.#lastId = 0;
    this.#framesSinceDetection = 0;
    this.#searchedParts = 0;
    this.#lastStampSeconds = undefined;
  }

  /**
   * The faces of the next image. Not to be called again before the promise is settled.
   *
   * @param stampSeconds when the image was taken
   * @throws InvalidInputError for a stamp that is not finite, and an image whose bytes are not as many as its size says
   */
  async process(image: RgbImage, stampSeconds: number): Promise<TrackedFace[]> {
    if (!Number.isFinite(stampSeconds)) {
      throw new InvalidInputError('stampSeconds', stampSeconds, 'a finite number', 'Perception.process');
    }
    this.#options = this.#wanted;
    const elapsed = this.#lastStampSeconds === undefined ? 0 : stampSeconds - this.#lastStampSeconds;
    this.#lastStampSeconds = stampSeconds;
    this.#detectionMilliseconds = 0;
    const cut = elapsed < 0 || elapsed > this.#options.maxGapSeconds;
    this.#tracks.splice(this.#options.maxFaces);
    const regular = cut || this.#framesSinceDetection + 1 >= this.#options.detectionIntervalFrames;
    await this.#follow(this.#tracks, image, regular, 1);
    // Only now is it known which faces were lost, so that one seen elsewhere can be told from a new one.
    if (regular || this.#isWanting()) {
      this.#framesSinceDetection = 0;
      const seesNone = !this.#tracks.some(({ visible }) => visible);
      const found = this.#admit(await this.#detect(image, seesNone));
      await this.#follow(found, image, true, seesNone ? TRIES : 1);
    } else {
      this.#framesSinceDetection++;
    }
    this.#tracks = this.#tracks.filter((track) => !track.hasEnded(this.#rules));
    const seen = this.#tracks.filter(({ visible, seenFrames }) => visible && seenFrames >= this.#options.minSeenFrames);
    await checkSpread(image, seen, this.#extractor);
    const { appearance } = this.#options;
    await lookAtPixels(image, seen, stampSeconds, appearance ? this.#appearance : undefined);
    return seen.map(({ id, box, face, filter, spread, look }) => {
      const { smoothLandmarks } = this.#options;
      const size = Math.max(box.width, box.height);
      const { landmarks, mesh } = smoothLandmarks ? filter.filter(face!, stampSeconds, size) : face!;
      const reliability = faceReliability(faceView(image, face!.landmarks), spread!);
      return { trackId: id, box, landmarks, mesh, score: face!.score, reliability, appearance: look?.appearance };
    });
  }

  /** Frees the networks. */
  async release(): Promise<void> {
    await Promise.all([this.#extractor.release(), this.#appearance?.release()]);
  }

  get #rules(): TrackRules {
    return { ...this.#extractor.scoreRules, maxMissedFrames: this.#options.maxMissedFrames };
  }

  /** Whether there is no face, or one was lost. */
  #isWanting(): boolean {
    return !this.#tracks.some(({ id }) => id > 0) || this.#tracks.some(({ missedFrames }) => missedFrames > 0);
  }

  /** @param closely whether to search, beside the whole image, one of its parts, where small faces are larger */
  async #detect(image: RgbImage, closely: boolean): Promise<FaceDetection[]> {
    const start = performance.now();
    const detections = await this.#extractor.detect(image);
    if (closely) {
      const parts = partsOfImage(image, 2);
      // The parts take turns, the middle one first.
      const part = parts[(this.#searchedParts++ + (parts.length >> 1)) % parts.length]!;
      detections.push(...(await this.#extractor.detect(image, part)));
    }
    this.#detectionMilliseconds = performance.now() - start;
    return withoutRepeats(detections);
  }

  /**
   * Takes in what the detector saw: lost faces move there, and what belongs to no track starts one.
   *
   * @returns the tracks that have to be followed in this image (again)
   */
  #admit(detections: readonly FaceDetection[]): FaceTrack[] {
    const found: FaceTrack[] = [];
    const places = this.#tracks.map(({ box, missedFrames }) => ({
      box,
      reach: missedFrames > 0 ? LOST_REACH : TRACKED_REACH,
    }));
    const assigned = associate(
      places,
      detections.map(({ box }) => box),
    );
    detections.forEach((detection, index) => {
      const track = this.#tracks[assigned[index]!];
      if (track) {
        if (track.missedFrames > 0) {
          track.moveTo(detection);
          found.push(track);
        }
      } else if (this.#tracks.length < this.#options.maxFaces) {
        const started = new FaceTrack(detection);
        this.#tracks.push(started);
        found.push(started);
      }
    });
    return found;
  }

  /**
   * Looks for the faces of tracks where they are expected.
   *
   * @param anew whether to look as closely as at places of which nothing is known
   * @param tries how often at most, where no face is found
   */
  async #follow(tracks: readonly FaceTrack[], image: RgbImage, anew: boolean, tries: number): Promise<void> {
    if (tracks.length === 0) return;
    const squares = tracks.map(({ square, visible }) => (visible && !anew ? square : { ...square }));
    const faces = await this.#extractor.extract(image, squares);
    for (let tried = 1; tried < tries; tried++) {
      const wanting = faces.flatMap(({ score }, index) => (score < this.#rules.likely ? [index] : []));
      const again = wanting.map((index) => ({ ...faces[index]!.square }));
      const found = await this.#extractor.extract(image, again);
      for (const [at, index] of wanting.entries()) faces[index] = found[at]!;
    }
    for (const [index, track] of tracks.entries()) {
      const face = faces[index]!;
      if (track.id > 0 || !(face.score >= this.#rules.likely)) continue;
      faces[index] = { ...face, score: Math.min(face.score, await this.#extractor.confirm(image, face)) };
    }
    const others = this.#tracks.filter((track) => track.visible && !tracks.includes(track)).map(({ box }) => box);
    // Who was there in the image before has the first claim on a face, then who has been there the longest.
    const order = tracks.map((_, index) => index);
    order.sort((a, b) => tracks[a]!.missedFrames - tracks[b]!.missedFrames || a - b);
    for (const index of order) {
      const track = tracks[index]!;
      const face = faces[index]!;
      const box = boxAround(face.landmarks);
      if (others.some((other) => intersectionOverUnion(other, box) > SAME_FACE_OVERLAP)) {
        track.miss();
      } else {
        track.see(face, this.#rules, () => ++this.#lastId);
        if (track.missedFrames === 0) others.push(track.box);
      }
    }
  }
}
