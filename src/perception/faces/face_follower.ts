import type { RgbImage } from '../image/rgb_image.js';
import type { ImageSquare } from '../image/sample_square.js';
import type { ExtractedFace } from '../landmarks/landmark_extractor.js';
import type { Landmarks68 } from '../landmarks/landmarks68.js';
import { fitsSquare, nextSquare } from './followed_square.js';

/** A followed face is verified in every so many images, and whenever its landmarks look doubtful. */
const VERIFICATION_INTERVAL = 3;

/** Finds landmarks, and says nothing about whether a face is there; a detector does. */
export interface UnverifiedLandmarks {
  /** Whether a face that was not known is looked at twice: it is found better in the square about its own landmarks. */
  readonly looksTwice: boolean;
  /** The landmarks of the face in a square. */
  landmarks(image: RgbImage, square: ImageSquare): Landmarks68 | Promise<Landmarks68>;
  /** The square in which the landmarks of a face are found best, given where they were. */
  ownSquare(landmarks: Landmarks68): ImageSquare;
  /** How sure a detector is that these landmarks are a face's, 0 to 1; `square` is their own. */
  verify(image: RgbImage, landmarks: Landmarks68, square: ImageSquare): Promise<number>;
}

/** What is known of a face where it was last. */
interface Sighting {
  /** Of the latest verification. */
  readonly score: number;
  readonly imagesSinceVerified: number;
}

/**
 * Follows faces by their own landmarks, each looked for in the square around those before. A detector verifies them: at
 * first, then every few images.
 */
export class FaceFollower {
  readonly #finder: UnverifiedLandmarks;
  readonly #sightings = new WeakMap<ImageSquare, Sighting>();

  constructor(finder: UnverifiedLandmarks) {
    this.#finder = finder;
  }

  /** The faces in squares, one after another: a detector's, or the very objects that this gave for the image before. */
  async extract(image: RgbImage, squares: readonly ImageSquare[]): Promise<ExtractedFace[]> {
    const faces: ExtractedFace[] = [];
    for (const square of squares) faces.push(await this.#extractOne(image, square));
    return faces;
  }

  async #extractOne(image: RgbImage, square: ImageSquare): Promise<ExtractedFace> {
    const finder = this.#finder;
    const known = this.#sightings.get(square);
    // A square that is asked for again is one where the face was not seen: its sighting must not count twice.
    this.#sightings.delete(square);
    const place = known || !finder.looksTwice ? square : finder.ownSquare(await finder.landmarks(image, square));
    const landmarks = await finder.landmarks(image, place);
    const own = finder.ownSquare(landmarks);
    const age = known ? known.imagesSinceVerified + 1 : VERIFICATION_INTERVAL;
    const sighting =
      known && age < VERIFICATION_INTERVAL && fitsSquare(own, place)
        ? { score: known.score, imagesSinceVerified: age }
        : { score: await finder.verify(image, landmarks, own), imagesSinceVerified: 0 };
    const next = known ? nextSquare(place, own) : own;
    this.#sightings.set(next, sighting);
    return { landmarks, mesh: undefined, score: sighting.score, square: next };
  }
}
