import { type Box, intersectionOverUnion, relativeCenterDistance } from './box.js';

/** Two boxes that share this much (intersection over union) can be the same face. */
const MIN_OVERLAP = 0.2;

/**
 * Assigns detections to tracks: greedily, nearest pair first, each at most once. A pair can match when the boxes
 * overlap or their centres are closer than the track's reach.
 *
 * @param tracks where each track's face was last, and how far (in face sizes) it may have got since
 * @param detections the boxes seen now
 * @returns for each detection the index of its track, or -1
 */
export function associate(
  tracks: readonly { readonly box: Box; readonly reach: number }[],
  detections: readonly Box[],
): number[] {
  const pairs: { track: number; detection: number; distance: number }[] = [];
  tracks.forEach(({ box, reach }, track) => {
    detections.forEach((detected, detection) => {
      const distance = relativeCenterDistance(box, detected);
      if (distance <= reach || intersectionOverUnion(box, detected) >= MIN_OVERLAP) {
        pairs.push({ track, detection, distance });
      }
    });
  });
  pairs.sort((first, second) => first.distance - second.distance);
  const assigned = detections.map(() => -1);
  const taken = new Set<number>();
  for (const { track, detection } of pairs) {
    if (taken.has(track) || assigned[detection] !== -1) continue;
    assigned[detection] = track;
    taken.add(track);
  }
  return assigned;
}
