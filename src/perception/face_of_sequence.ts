import { relativeCenterDistance } from './faces/box.js';
import { boxAround } from './faces/face_track.js';
import type { RgbImage } from './image/rgb_image.js';
import type { LandmarkExtractor } from './landmarks/landmark_extractor.js';
import { facesOfStill, type StillFace } from './landmarks_of_still.js';

/**
 * One face through the images of a sequence: in the first one the face that the detector is surest of, then the face
 * nearest to the one before. Its landmarks are looked for where they were, and the whole image is searched where they are
 * not there: after a cut, or of a frame that is no neighbour.
 */
export class FaceOfSequence {
  #last: StillFace | null = null;
  #lost = false;

  constructor(private readonly extractor: LandmarkExtractor) {}

  /** The face in the next image; null where there is none. Not to be called again before the promise is settled. */
  async next(image: RgbImage): Promise<StillFace | null> {
    const face = (await this.#atLastPlace(image)) ?? (await this.#anywhere(image));
    this.#lost = face === null;
    // A face that comes back after images without one is looked for near the place where it was seen last.
    if (face !== null) this.#last = face;
    return face;
  }

  async #anywhere(image: RgbImage): Promise<StillFace | null> {
    const found = nearest(await facesOfStill(image, this.extractor), this.#last);
    if (found === null) return null;
    // About a detector's square points are rougher than about their own, by which those of the next images are found.
    const [again] = await this.extractor.extract(image, [{ ...found.square }]);
    return again!.score >= this.extractor.scoreRules.likely ? { ...again!, box: boxAround(again!.landmarks) } : found;
  }

  async #atLastPlace(image: RgbImage): Promise<StillFace | null> {
    if (this.#last === null || this.#lost) return null;
    const [face] = await this.extractor.extract(image, [this.#last.square]);
    return face!.score >= this.extractor.scoreRules.keep ? { ...face!, box: boxAround(face!.landmarks) } : null;
  }
}

/** The face nearest to the last one; the first, where there was none. */
function nearest(faces: readonly StillFace[], last: StillFace | null): StillFace | null {
  if (last === null) return faces[0] ?? null;
  let best: StillFace | null = null;
  for (const face of faces) {
    if (best === null || relativeCenterDistance(face.box, last.box) < relativeCenterDistance(best.box, last.box))
      best = face;
  }
  return best;
}
