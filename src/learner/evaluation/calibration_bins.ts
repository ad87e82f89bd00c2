/** Answers whose confidence lies in one interval (from, to]; the first one takes 0 too. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Null for an empty bin. */
  readonly mean_confidence: number | null;
  /** Share of right answers; null for an empty bin. */
  readonly accuracy: number | null;
}

/** As in Guo et al. 2017. */
const BINS = 15;

/**
 * Bins of equal width over the confidence: what a reliability diagram shows.
 *
 * @param confidences (N): 0 to 1
 * @param right (N): whether the answer is the label
 */
export function calibrationBins(
  confidences: ArrayLike<number>,
  right: readonly boolean[],
  bins = BINS,
): readonly CalibrationBin[] {
  const counts = new Int32Array(bins);
  const confidenceSums = new Float64Array(bins);
  const rightCounts = new Int32Array(bins);
  right.forEach((isRight, sample) => {
    const confidence = confidences[sample]!;
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    counts[bin]!++;
    confidenceSums[bin]! += confidence;
    if (isRight) rightCounts[bin]!++;
  });
  return Array.from(counts, (count, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    count,
    mean_confidence: count > 0 ? confidenceSums[bin]! / count : null,
    accuracy: count > 0 ? rightCounts[bin]! / count : null,
  }));
}

/**
 * Expected calibration error (Naeini et al. 2015, Guo et al. 2017): the mean over the answers of how far their bin's
 * accuracy is from its mean confidence.
 */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number {
  let sum = 0;
  let total = 0;
  for (const { count, mean_confidence, accuracy } of bins) {
    if (count > 0) sum += count * Math.abs(accuracy! - mean_confidence!);
    total += count;
  }
  return sum / total;
}
