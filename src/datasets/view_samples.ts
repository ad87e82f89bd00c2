import type { Samples } from '../learner/samples.js';
import { pointCount, sampleFrames, type WindowFeatures, WindowPreparer } from '../perception/window/window_features.js';

/** A labelled window, and what it is compared with. */
export interface LabelledView {
  /** What found the landmarks; null where it is not known. */
  readonly extractor: string | null;
  /** (T, 68, 2), flat, in pixels. */
  readonly window: Float32Array;
  /** The person's own neutral face (68, 2) in pixels; null compares with the extractor's mean one, if with any. */
  readonly ownNeutral: Float32Array | null;
  /** The index of its class. */
  readonly label: number;
}

/**
 * Samples (N, 2, T, V, 1) made of windows.
 *
 * @throws InvalidInputError where the features have a reference face, but not of a window's extractor
 */
export function viewSamples(views: readonly LabelledView[], features: WindowFeatures, windowFrames: number): Samples {
  const preparerOf = preparersByExtractor(features, windowFrames);
  const size = 2 * sampleFrames(features, windowFrames) * pointCount(features);
  const data = new Float32Array(views.length * size);
  views.forEach(({ extractor, window, ownNeutral }, i) => {
    const preparer = preparerOf(extractor);
    const reference = ownNeutral && preparer.alignment.align(ownNeutral);
    preparer.prepare(window, data.subarray(i * size, (i + 1) * size), reference);
  });
  return { data, labels: Int32Array.from(views, ({ label }) => label), count: views.length };
}

/** One preparer an extractor, made when it is first asked for. */
export function preparersByExtractor(features: WindowFeatures, windowFrames: number) {
  const preparers = new Map<string | null, WindowPreparer>();
  return (extractor: string | null): WindowPreparer => {
    const preparer = preparers.get(extractor) ?? new WindowPreparer(features, windowFrames, extractor);
    preparers.set(extractor, preparer);
    return preparer;
  };
}
