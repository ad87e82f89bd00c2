import type { TrackExpression } from '../learner/expression_tracks.js';
import type { ExpressionEstimate } from '../learner/inference/expression_estimate.js';
import type { SensorImage } from '../perception/image/encoded_image.js';
import type { FaceExpression, ImageExpressions } from '../pipeline/expression_pipeline.js';

/** builtin_interfaces/msg/Time and Duration. */
export interface TimeMessage {
  sec: number;
  nanosec: number;
}

/** std_msgs/msg/Header. */
export interface HeaderMessage {
  stamp: TimeMessage;
  frame_id: string;
}

/** sensor_msgs/msg/Image. */
export interface ImageMessage {
  header: HeaderMessage;
  height: number;
  width: number;
  encoding: string;
  is_bigendian: number;
  step: number;
  data: Uint8Array | number[];
}

/** sensor_msgs/msg/CompressedImage. */
export interface CompressedImageMessage {
  header: HeaderMessage;
  format: string;
  data: Uint8Array | number[];
}

/** The type of FacialExpressionsMessage. */
export const FACIAL_EXPRESSIONS_TYPE = 'facial_expression_recognition/msg/FacialExpressions';

/** facial_expression_recognition/msg/FacialExpression; what the fields mean is in msg/FacialExpression.msg. */
export interface FacialExpressionMessage {
  header: HeaderMessage;
  track_id: number;
  category: string;
  category_index: number;
  confidence: number;
  classes: { name: string; mean: number; std: number }[];
  predictive_entropy: number;
  mutual_information: number;
  repeats: number;
  box: { x: number; y: number; width: number; height: number };
  landmarks: { x: number; y: number }[];
  window_start: TimeMessage;
  window_end: TimeMessage;
  window_span: TimeMessage;
  perception_ms: number;
  inference_ms: number;
  latency_ms: number;
}

/** facial_expression_recognition/msg/FacialExpressions. */
export interface FacialExpressionsMessage {
  header: HeaderMessage;
  faces: FacialExpressionMessage[];
}

const NANOSECONDS = 1_000_000_000;

/**
 * The image of a message, with the message's own data where that is an array of bytes.
 *
 * @param bitDepth of its samples, where they have two bytes: 8 to 16
 */
export function sensorImageOf(message: ImageMessage | CompressedImageMessage, bitDepth = 16): SensorImage {
  if ('format' in message) return { format: message.format, data: bytesOf(message) };
  const { encoding, height, width, step, is_bigendian: isBigendian } = message;
  return { encoding, height, width, step, isBigendian, bitDepth, data: bytesOf(message) };
}

function bytesOf({ data }: { readonly data: Uint8Array | number[] }): Uint8Array {
  return data instanceof Uint8Array ? data : Uint8Array.from(data);
}

/** Seconds from one stamp to another, exact to the nanosecond over days. */
export function secondsBetween(earlier: TimeMessage, later: TimeMessage): number {
  return later.sec - earlier.sec + (later.nanosec - earlier.nanosec) / NANOSECONDS;
}

/** A duration as a message; the nanoseconds are counted up from the seconds, as ROS wants it for negative ones too. */
export function durationOf(seconds: number): TimeMessage {
  const nanoseconds = Math.round(seconds * NANOSECONDS);
  const sec = Math.floor(nanoseconds / NANOSECONDS);
  return { sec, nanosec: nanoseconds - sec * NANOSECONDS };
}

/** A stamp that is earlier than another by a duration. */
export function stampBefore(stamp: TimeMessage, { sec, nanosec }: TimeMessage): TimeMessage {
  const difference = stamp.nanosec - nanosec;
  return difference >= 0
    ? { sec: stamp.sec - sec, nanosec: difference }
    : { sec: stamp.sec - sec - 1, nanosec: difference + NANOSECONDS };
}

/** FacialExpression.UNCERTAIN: the category of an answer that is not to be acted upon. */
export const UNCERTAIN = 'uncertain';

/**
 * What a face expresses, where it is sure enough to be acted upon.
 *
 * @param minConfidence 0 to 1
 * @returns undefined also while the face's window is filling
 */
export function certainEstimate(
  expression: TrackExpression | undefined,
  minConfidence: number,
): ExpressionEstimate | undefined {
  const estimate = expression?.estimate;
  // Not below: a confidence that is no number is not to be acted upon either.
  return estimate !== undefined && estimate.confidence >= minConfidence ? estimate : undefined;
}

/** What a message needs beside its image's expressions. */
export interface MessageContext {
  /** The categories' names, in the order of the estimates' numbers. */
  readonly classes: readonly string[];
  /** From the image's stamp until now. */
  readonly latencyMilliseconds: number;
  /** 0 to 1: a category of less confidence is told as UNCERTAIN. */
  readonly minConfidence: number;
}

/**
 * The message about an image.
 *
 * @param header the image's
 */
export function facialExpressionsMessage(
  header: HeaderMessage,
  expressions: ImageExpressions,
  context: MessageContext,
): FacialExpressionsMessage {
  return {
    header,
    faces: expressions.faces.map((face) => facialExpressionMessage(header, face, expressions, context)),
  };
}

function facialExpressionMessage(
  header: HeaderMessage,
  { trackId, box, landmarks, expression }: FaceExpression,
  { perceptionMilliseconds, inferenceMilliseconds }: ImageExpressions,
  { classes, latencyMilliseconds, minConfidence }: MessageContext,
): FacialExpressionMessage {
  const estimate = expression?.estimate;
  const certain = certainEstimate(expression, minConfidence) !== undefined;
  const span = durationOf(expression?.windowSpanSeconds ?? 0);
  return {
    header,
    track_id: trackId,
    category: estimate === undefined ? '' : certain ? estimate.category : UNCERTAIN,
    category_index: estimate && certain ? estimate.categoryIndex : -1,
    confidence: estimate?.confidence ?? 0,
    classes: estimate
      ? classes.map((name, index) => ({ name, mean: estimate.mean[index]!, std: estimate.std[index]! }))
      : [],
    predictive_entropy: estimate?.predictiveEntropy ?? 0,
    mutual_information: estimate?.mutualInformation ?? 0,
    repeats: estimate?.repeats ?? 0,
    box: { ...box },
    landmarks: Array.from({ length: landmarks.length / 2 }, (_, point) => ({
      x: landmarks[2 * point]!,
      y: landmarks[2 * point + 1]!,
    })),
    window_start: stampBefore(header.stamp, span),
    window_end: { ...header.stamp },
    window_span: span,
    perception_ms: perceptionMilliseconds,
    inference_ms: estimate ? inferenceMilliseconds : 0,
    latency_ms: latencyMilliseconds,
  };
}
