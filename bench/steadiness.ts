import { eyeDistance, type Landmarks68 } from '../src/perception/landmarks/landmarks68.js';
import { meanDistance } from './ground_truth.js';
import { median } from './median.js';

/** How steady points are, and how late. */
export interface Steadiness {
  /**
   * Percent of the distance of the eyes: how far a point is from the middle of where it is in the images before and after,
   * root mean square over the points and the stillest half of the images.
   */
  readonly jitter_percent: number;
  /** How often the mouth opens. */
  readonly openings: number;
  /** From when the unfiltered mouth is half open until the filtered one is, median; null without openings. */
  readonly delay_ms: number | null;
  /** The filtered mouth's widest over the unfiltered one's, for each opening; median; null without openings. */
  readonly height: number | null;
}

/** Images before and after an opening in which its course is looked at. */
const REACH = 12;

/**
 * Compares points with the unfiltered ones.
 *
 * @param rate images a second
 */
export function steadinessOf(
  unfiltered: readonly Landmarks68[],
  points: readonly Landmarks68[],
  rate: number,
): Steadiness {
  const size = median(unfiltered.map(eyeDistance));
  const before = unfiltered.map((shape) => openness(shape) / size);
  const after = points.map((shape) => openness(shape) / size);
  const opens = openingsOf(before);
  const delays = opens.flatMap(({ index, level }) => {
    const late = crossing(after, index - 1, level);
    return late === null ? [] : [((late - crossing(before, index - 1, level)!) / rate) * 1000];
  });
  const heights = opens.map(({ index }) => peak(after, index) / peak(before, index));
  return {
    jitter_percent: (jitter(unfiltered, points) / size) * 100,
    openings: opens.length,
    delay_ms: delays.length > 0 ? median(delays) : null,
    height: heights.length > 0 ? median(heights) : null,
  };
}

/** Pixels between the inner lips. */
function openness(shape: Landmarks68): number {
  return Math.hypot(shape[2 * 62]! - shape[2 * 66]!, shape[2 * 62 + 1]! - shape[2 * 66 + 1]!);
}

/** Pixels, see Steadiness. */
function jitter(unfiltered: readonly Landmarks68[], points: readonly Landmarks68[]): number {
  const middles = unfiltered.slice(1, -1).map((_, i) => i + 1);
  const movement = (i: number) => meanDistance(unfiltered[i - 1]!, unfiltered[i + 1]!);
  const still = middles.sort((first, second) => movement(first) - movement(second)).slice(0, middles.length / 2);
  let sum = 0;
  let count = 0;
  for (const i of still) {
    for (let at = 0; at < points[i]!.length; at++) {
      sum += (points[i]![at]! - (points[i - 1]![at]! + points[i + 1]![at]!) / 2) ** 2;
      count++;
    }
  }
  // Of both axes together.
  return Math.sqrt((2 * sum) / count);
}

/** Where the mouth gets half open, from nearly closed to well open within REACH images. */
function openingsOf(series: readonly number[]): { index: number; level: number }[] {
  const sorted = [...series].sort((first, second) => first - second);
  const [closed, open] = [sorted[Math.floor(0.2 * sorted.length)]!, sorted[Math.floor(0.9 * sorted.length)]!];
  const openings: { index: number; level: number }[] = [];
  for (let i = REACH; i < series.length - REACH; i++) {
    const low = Math.min(...series.slice(i - REACH, i));
    const high = Math.max(...series.slice(i, i + REACH));
    const level = (low + high) / 2;
    const rises = series[i - 1]! < level && series[i]! >= level;
    const isOpening = rises && low <= closed + 0.2 * (open - closed) && high >= closed + 0.7 * (open - closed);
    if (isOpening && i - (openings.at(-1)?.index ?? -REACH) >= REACH) openings.push({ index: i, level });
  }
  return openings;
}

/** When the series first reaches the level from `from` on, in images, between two by a straight line; null where it does not. */
function crossing(series: readonly number[], from: number, level: number): number | null {
  for (let i = from + 1; i < Math.min(series.length, from + 1 + REACH); i++) {
    if (series[i]! >= level) {
      const [low, high] = [series[i - 1]!, series[i]!];
      return low >= level ? i - 1 : i - 1 + (level - low) / (high - low);
    }
  }
  return null;
}

function peak(series: readonly number[], from: number): number {
  return Math.max(...series.slice(from, from + REACH));
}
