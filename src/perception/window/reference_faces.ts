import { InvalidInputError } from '../../errors.js';
import type { WindowFeatures } from './window_features.js';

/** Extractors that place their points alike: where a model does not know one, it answers best on another of its row. */
const ALIKE: readonly (readonly string[])[] = [
  ['face_mesh', 'face_mesh_attention'],
  ['dlib', 'face_api'],
];

/** Names of the extractors whose mean neutral faces a model knows; empty where its windows need none. */
export function referenceExtractors({ reference_faces }: Pick<WindowFeatures, 'reference_faces'>): string[] {
  return Object.keys(reference_faces ?? {});
}

/**
 * The mean neutral face of an extractor: what a face is compared with whose own neutral face is not known.
 *
 * @returns (68, 2), flat, aligned to the mean face
 * @throws InvalidInputError where the model does not know the extractor; it lists those that it knows
 */
export function referenceFaceOf(
  features: Pick<WindowFeatures, 'reference_faces'>,
  extractor: string | null,
): Float32Array {
  const face = extractor === null ? undefined : features.reference_faces?.[extractor];
  if (face === undefined) {
    const expected = `one that the model was trained for: ${referenceExtractors(features).join(', ')}`;
    throw new InvalidInputError('the landmark extractor', extractor, expected, "the model's reference_faces");
  }
  return Float32Array.from(face);
}

/**
 * The extractor that stands in for one that a model was not trained for.
 *
 * @param known those that it was trained for; at least one
 * @returns `extractor` itself where it is known
 */
export function nearestExtractor(extractor: string, known: readonly string[]): string {
  const alike = ALIKE.find((row) => row.includes(extractor)) ?? [];
  return [extractor, ...alike].find((name) => known.includes(name)) ?? known[0]!;
}
