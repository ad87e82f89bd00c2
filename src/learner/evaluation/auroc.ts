/**
 * Area under the ROC curve: how probably a random positive scores higher than a random negative, ties counting half
 * (the Mann-Whitney statistic, by mean ranks).
 *
 * @param scores (N)
 * @param positive (N)
 * @returns 0.5 for scores that say nothing, 1 for perfect ones; null without a positive, without a negative, or where a
 * score is not a number
 */
export function auroc(scores: ArrayLike<number>, positive: readonly boolean[]): number | null {
  const positives = positive.filter(Boolean).length;
  const negatives = positive.length - positives;
  if (positives === 0 || negatives === 0 || Array.from(scores).some(Number.isNaN)) return null;
  const order = positive.map((_, sample) => sample).sort((a, b) => scores[a]! - scores[b]!);
  let rankSum = 0;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end++;
    const meanRank = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) if (positive[order[i]!]) rankSum += meanRank;
    start = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
