import { readAhead } from '../camera/read_ahead.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import type { ExpressionPipeline, ImageExpressions } from './expression_pipeline.js';

/** An image of a recording. */
export interface TimedImage {
  readonly image: RgbImage;
  /** When it was taken; any origin, the same for all images. */
  readonly stampSeconds: number;
}

/** Answers that may wait for whoever takes them. */
const ANSWERS_AHEAD = 2;

/**
 * The expressions of every image of a recording, in order, none left out. Perception of an image runs beside the
 * classifier of the one before, and both beside what is done with the answers; a few images are in memory at a time.
 *
 * @param pipeline for nothing else meanwhile
 * @throws what the images and the pipeline throw
 */
export function expressionsOfImages<Image extends TimedImage>(
  pipeline: ExpressionPipeline,
  images: AsyncIterable<Image>,
): AsyncGenerator<Image & { readonly expressions: ImageExpressions }, void> {
  return readAhead(answers(pipeline, images), ANSWERS_AHEAD);
}

async function* answers<Image extends TimedImage>(pipeline: ExpressionPipeline, images: AsyncIterable<Image>) {
  let coming: Promise<Image & { readonly expressions: ImageExpressions }> | undefined;
  try {
    for await (const image of images) {
      const perceived = await pipeline.perceive(image.image, image.stampSeconds);
      const done = await coming;
      coming = pipeline.classify(perceived, image.stampSeconds).then((expressions) => ({ ...image, expressions }));
      // Heard where it is awaited, if it comes to that.
      coming.catch(() => undefined);
      if (done !== undefined) yield done;
    }
    if (coming !== undefined) yield await coming;
  } finally {
    // Whoever leaves the loop may release the networks next.
    await coming?.catch(() => undefined);
  }
}
