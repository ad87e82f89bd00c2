import type { FaceExpression } from '../pipeline/expression_pipeline.js';

/** A frame of a recording with what was made of it. */
export interface AnalysedFrame {
  /** The recording, as it was named. */
  readonly video: string;
  /** 0 for the first frame of the recording. */
  readonly frame: number;
  /** Since the first frame of the recording. */
  readonly timeSeconds: number;
  readonly faces: readonly FaceExpression[];
}

/** What an analysis says of a face in a frame, or of a frame without a face: then all from `track_id` on is null. */
export interface FrameRow {
  readonly video: string;
  readonly frame: number;
  readonly time_seconds: number;
  readonly track_id: number | null;
  /** Pixels. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | null;
  /** 0 to 1: how far what is seen of the face suffices to tell its expression. */
  readonly reliability: number | null;
  /** This and what follows is null while the face is not watched for long enough. */
  readonly category: string | null;
  /** 0 to 1. */
  readonly confidence: number | null;
  /** Of each category, probability and its spread over the repeats, 0 to 1. */
  readonly classes: readonly { readonly name: string; readonly mean: number; readonly std: number }[] | null;
  /** Nats. */
  readonly predictive_entropy: number | null;
  /** Nats. */
  readonly mutual_information: number | null;
  readonly repeats: number | null;
  readonly window_span_seconds: number | null;
  /** (68, 2), pixels, in dlib's order. */
  readonly landmarks: readonly (readonly [x: number, y: number])[] | null;
}

/** A row for each face of a frame, by track id; one without a face where there is none. */
export function frameRows({ video, frame, timeSeconds, faces }: AnalysedFrame, classes: readonly string[]): FrameRow[] {
  const start = { video, frame, time_seconds: rounded(timeSeconds, 6) };
  if (faces.length === 0) return [{ ...start, ...NO_FACE }];
  return faces.toSorted((a, b) => a.trackId - b.trackId).map((face) => ({ ...start, ...faceFields(face, classes) }));
}

type FaceFields = Omit<FrameRow, 'video' | 'frame' | 'time_seconds'>;

const NO_EXPRESSION = {
  category: null,
  confidence: null,
  classes: null,
  predictive_entropy: null,
  mutual_information: null,
  repeats: null,
  window_span_seconds: null,
};
const NO_FACE: FaceFields = { track_id: null, box: null, reliability: null, ...NO_EXPRESSION, landmarks: null };

function faceFields(
  { trackId, box, landmarks, reliability, expression }: FaceExpression,
  classes: readonly string[],
): FaceFields {
  const { x, y, width, height } = box;
  return {
    track_id: trackId,
    box: { x: rounded(x, 2), y: rounded(y, 2), width: rounded(width, 2), height: rounded(height, 2) },
    reliability: rounded(reliability, 6),
    ...(expression === undefined ? NO_EXPRESSION : expressionFields(expression, classes)),
    landmarks: Array.from({ length: landmarks.length / 2 }, (_, point) => [
      rounded(landmarks[2 * point]!, 2),
      rounded(landmarks[2 * point + 1]!, 2),
    ]),
  };
}

function expressionFields(
  { estimate, windowSpanSeconds }: NonNullable<FaceExpression['expression']>,
  classes: readonly string[],
) {
  return {
    category: estimate.category,
    confidence: rounded(estimate.confidence, 6),
    classes: classes.map((name, index) => ({
      name,
      mean: rounded(estimate.mean[index]!, 6),
      std: rounded(estimate.std[index]!, 6),
    })),
    predictive_entropy: rounded(estimate.predictiveEntropy, 6),
    mutual_information: rounded(estimate.mutualInformation, 6),
    repeats: estimate.repeats,
    window_span_seconds: rounded(windowSpanSeconds, 6),
  };
}

function rounded(value: number, digits: number): number {
  // Adding 0 makes 0 of -0.
  return Number(value.toFixed(digits)) + 0;
}
