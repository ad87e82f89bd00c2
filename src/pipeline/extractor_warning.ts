/**
 * What is to be said about a model and what finds its landmarks.
 *
 * @param model its name; @param trainedFor the extractors that it was trained for, none where that is not known
 * @returns undefined where all is well, as far as is known
 */
export function extractorWarning(
  model: string,
  trainedFor: readonly string[],
  landmarkExtractor: string,
): string | undefined {
  if (trainedFor.length === 0 || trainedFor.includes(landmarkExtractor)) return undefined;
  return (
    `The model ${model} was trained for landmarks of ${trainedFor.join(', ')}, but landmark_extractor is ${landmarkExtractor}, ` +
    'which places them otherwise: it will be wrong more often. Set landmark_extractor to one that it was trained for, or take another model.'
  );
}
