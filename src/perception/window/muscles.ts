import Delaunator from 'delaunator';
import { z } from 'zod';

/** How the edges of a triangulation become muscles. */
export const MUSCLE_EDGES = ['once', 'duplicates'] as const;

export type MuscleEdges = (typeof MUSCLE_EDGES)[number];

/** A muscle is an edge between two points, [source, target]: its value is the source minus the target, x and y. */
export const musclesSchema = z.array(z.tuple([z.int().min(0).max(67), z.int().min(0).max(67)])).min(1);

export type Muscles = z.output<typeof musclesSchema>;

/**
 * The muscles of a face shape: the edges of its Delaunay triangulation, and an edge from every point to a central one.
 *
 * `once` has each edge once, and none from a point to itself. `duplicates` is as the paper's data (Heidari and Iosifidis,
 * "Progressive Spatio-Temporal Bilinear Network with Monte Carlo Dropout for Landmark-based Facial Expression Recognition"):
 * three edges a triangle, so that those between two triangles are there twice, then every point's edge to the central
 * one, its own included.
 *
 * @param shape (V, 2), flat
 * @param centre index of the central point
 */
export function delaunayMuscles(shape: ArrayLike<number>, centre: number, edges: MuscleEdges): Muscles {
  const { triangles } = new Delaunator(Float64Array.from(shape));
  const muscles: Muscles = [];
  for (let at = 0; at < triangles.length; at += 3) {
    const corners = [triangles[at]!, triangles[at + 1]!, triangles[at + 2]!] as const;
    corners.forEach((corner, i) => {
      muscles.push([corner, corners[(i + 1) % 3]!]);
    });
  }
  for (let point = 0; point < shape.length / 2; point++) muscles.push([point, centre]);
  if (edges === 'duplicates') return muscles;
  const seen = new Set<string>();
  return muscles.filter(([source, target]) => {
    const key = `${Math.min(source, target)} ${Math.max(source, target)}`;
    if (source === target || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/**
 * Writes the muscles of a sample's points.
 *
 * @param points (C, T, V), flat; @param vertices V
 * @param target where (C, T, muscles.length) is written
 */
export function writeMuscles(points: Float32Array, vertices: number, muscles: Muscles, target: Float32Array): void {
  let next = 0;
  for (let row = 0; row < points.length; row += vertices) {
    for (const [source, end] of muscles) target[next++] = points[row + source]! - points[row + end]!;
  }
}
