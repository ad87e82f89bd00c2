import type { FaceExpression, ImageExpressions } from '../../src/pipeline/expression_pipeline.js';

/** The categories of `expressedFace`. */
export const CLASSES = ['Angry', 'Contempt', 'Happy'] as const;

/** A face that expresses something, of these probabilities. */
export function expressedFace(
  trackId: number,
  box: FaceExpression['box'],
  probabilities: readonly [number, number, number] | undefined,
): FaceExpression {
  // On a grid within the box.
  const landmarks = Float32Array.from({ length: 136 }, (_, n) =>
    n % 2 === 0 ? box.x + (box.width * ((n >> 1) % 10)) / 10 : box.y + (box.height * Math.floor((n >> 1) / 10)) / 10,
  );
  const face = { trackId, box, landmarks, reliability: 1 };
  if (!probabilities) return { ...face, expression: undefined };
  const confidence = Math.max(...probabilities);
  const categoryIndex = probabilities.indexOf(confidence);
  const estimate = {
    category: CLASSES[categoryIndex]!,
    categoryIndex,
    confidence,
    mean: Float32Array.from(probabilities),
    std: Float32Array.of(0.25, 0.125, 0.0625),
    logits: Float32Array.of(0, 0, 0),
    predictiveEntropy: 0.5,
    mutualInformation: 0.1,
    repeats: 100,
  };
  return { ...face, expression: { estimate, windowSpanSeconds: 1 } };
}

/** What came of an image of 640x480 pixels with these faces. */
export function imageExpressions(...faces: FaceExpression[]): ImageExpressions {
  return {
    faces,
    width: 640,
    height: 480,
    perceptionMilliseconds: 9,
    decodingMilliseconds: 1,
    detectionMilliseconds: 2,
    inferenceMilliseconds: 12,
  };
}
