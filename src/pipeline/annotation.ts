import { annotateImage } from '../annotate/annotate_image.js';
import { encodeJpeg } from '../perception/image/encode_jpeg.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import type { FaceExpression } from './expression_pipeline.js';

/** Which pictures of an image with its faces drawn in are wanted. */
export interface AnnotationWish {
  /** Its pixels. */
  readonly pixels: boolean;
  /** A JPEG file of this quality, 1 to 100; undefined for none. */
  readonly jpegQuality: number | undefined;
}

/** An image with its faces drawn in, as it was wished for. */
export interface AnnotatedImage {
  readonly pixels: RgbImage | undefined;
  readonly jpeg: Uint8Array | undefined;
}

/** Draws faces into a copy of an image: boxes, landmarks, categories with their confidence and its spread. */
export async function annotate(
  image: RgbImage,
  faces: readonly FaceExpression[],
  { pixels, jpegQuality: quality }: AnnotationWish,
): Promise<AnnotatedImage> {
  const annotated = annotateImage(image, faces);
  const jpeg = quality === undefined ? undefined : await encodeJpeg(annotated, { quality });
  return { pixels: pixels ? annotated : undefined, jpeg };
}
