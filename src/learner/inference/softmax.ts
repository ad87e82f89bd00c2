/** Probabilities of the K logits from `offset`, divided by the temperature, into `probabilities` (K). */
export function softmax(
  logits: ArrayLike<number>,
  offset: number,
  temperature: number,
  probabilities: Float64Array,
): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < probabilities.length; k++) largest = Math.max(largest, logits[offset + k]!);
  let total = 0;
  for (let k = 0; k < probabilities.length; k++) {
    probabilities[k] = Math.exp((logits[offset + k]! - largest) / temperature);
    total += probabilities[k]!;
  }
  for (let k = 0; k < probabilities.length; k++) probabilities[k] = probabilities[k]! / total;
}
