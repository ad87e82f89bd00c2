/** x' = a x - b y + tx, y' = b x + a y + ty: a rotation, a uniform scale and a shift. */
export interface SimilarityTransform {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

/**
 * The similarity transform that brings points nearest to a template in the least-squares sense (Umeyama 1991, in two
 * dimensions and without reflection).
 *
 * @param points (n, 2) flat; @param template (n, 2) flat; @param indices the points that count
 */
export function fitSimilarity(
  points: Float32Array,
  template: Float32Array,
  indices: readonly number[],
): SimilarityTransform {
  let px = 0;
  let py = 0;
  let qx = 0;
  let qy = 0;
  for (const i of indices) {
    px += points[2 * i]!;
    py += points[2 * i + 1]!;
    qx += template[2 * i]!;
    qy += template[2 * i + 1]!;
  }
  const n = indices.length;
  [px, py, qx, qy] = [px / n, py / n, qx / n, qy / n];
  let dot = 0;
  let cross = 0;
  let square = 0;
  for (const i of indices) {
    const x = points[2 * i]! - px;
    const y = points[2 * i + 1]! - py;
    const u = template[2 * i]! - qx;
    const v = template[2 * i + 1]! - qy;
    dot += x * u + y * v;
    cross += x * v - y * u;
    square += x * x + y * y;
  }
  // Points that all coincide have no size or direction to align: they are only shifted.
  const a = square > 0 ? dot / square : 1;
  const b = square > 0 ? cross / square : 0;
  return { a, b, tx: qx - a * px + b * py, ty: qy - b * px - a * py };
}

/** Transforms `count` points from `source` (at element `sourceOffset`) into `target` (at `targetOffset`). */
export function applySimilarity(
  { a, b, tx, ty }: SimilarityTransform,
  source: Float32Array,
  sourceOffset: number,
  target: Float32Array,
  targetOffset: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const x = source[sourceOffset + 2 * i]!;
    const y = source[sourceOffset + 2 * i + 1]!;
    target[targetOffset + 2 * i] = a * x - b * y + tx;
    target[targetOffset + 2 * i + 1] = b * x + a * y + ty;
  }
}
