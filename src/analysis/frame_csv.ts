import { csvField } from '../csv.js';
import type { FrameRow } from './frame_rows.js';

/** The columns of a CSV of frame rows that do not depend on the model, in their order; those of each class come last. */
export const FRAME_COLUMNS = [
  'video',
  'frame',
  'time_seconds',
  'track_id',
  'box_x',
  'box_y',
  'box_width',
  'box_height',
  'reliability',
  'category',
  'confidence',
  'predictive_entropy',
  'mutual_information',
  'repeats',
  'window_span_seconds',
] as const;

/** The first line of a CSV of frame rows. @param classes of the model */
export function frameCsvHeader(classes: readonly string[]): string {
  const ofClasses = [...classes.map((name) => `mean_${name}`), ...classes.map((name) => `std_${name}`)];
  return [...FRAME_COLUMNS, ...ofClasses].map(csvField).join(',');
}

/** A line of a CSV of frame rows; what is null is empty. */
export function frameCsvLine(row: FrameRow, classes: readonly string[]): string {
  const { box, classes: probabilities } = row;
  const values: Record<(typeof FRAME_COLUMNS)[number], string | number | null | undefined> = {
    video: row.video,
    frame: row.frame,
    time_seconds: row.time_seconds,
    track_id: row.track_id,
    box_x: box?.x,
    box_y: box?.y,
    box_width: box?.width,
    box_height: box?.height,
    reliability: row.reliability,
    category: row.category,
    confidence: row.confidence,
    predictive_entropy: row.predictive_entropy,
    mutual_information: row.mutual_information,
    repeats: row.repeats,
    window_span_seconds: row.window_span_seconds,
  };
  return [
    ...FRAME_COLUMNS.map((name) => values[name]),
    ...classes.map((_, index) => probabilities?.[index]?.mean),
    ...classes.map((_, index) => probabilities?.[index]?.std),
  ]
    .map((value) => csvField(value === null || value === undefined ? '' : String(value)))
    .join(',');
}
