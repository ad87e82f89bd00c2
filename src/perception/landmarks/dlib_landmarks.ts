/** Landmarks of a face, in the order of dlib's 68-point model (iBUG 300-W). */
export const LANDMARKS = 68;

/** Their numbers, 0 to 67. */
export const ALL_LANDMARKS: readonly number[] = range(0, LANDMARKS - 1);

/** The first landmark that is not of the jaw: points 17 to 67 are brows, nose, eyes and mouth. */
export const FIRST_INNER_LANDMARK = 17;

/** The point below the nose, between the nostrils: the 17th of the 51 points without the jaw. */
export const NOSE_BASE = 33;

/** Landmarks that expressions hardly move: the nose's bridge and the corners of the eyes. */
export const STEADY_LANDMARKS: readonly number[] = [27, 28, 29, 30, 36, 39, 42, 45];

/** For each landmark, the one in its place in a mirrored image. */
export const MIRRORED_LANDMARKS: readonly number[] = [
  ...range(16, 0),
  ...range(26, 17),
  ...range(27, 30),
  ...range(35, 31),
  ...[45, 44, 43, 42, 47, 46],
  ...[39, 38, 37, 36, 41, 40],
  ...range(54, 48),
  ...range(59, 55),
  ...range(64, 60),
  ...range(67, 65),
];

/** first, ..., last, up or down by one. */
function range(first: number, last: number): number[] {
  const step = Math.sign(last - first);
  return Array.from({ length: Math.abs(last - first) + 1 }, (_, i) => first + i * step);
}
