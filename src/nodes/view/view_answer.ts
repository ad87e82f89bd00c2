import type { ViewAnswer, ViewFace } from '../../view/protocol.js';
import type { FacialExpressionMessage, FacialExpressionsMessage, TimeMessage } from '../messages.js';

/** What a page shows of a message. */
export function viewAnswer({ header, faces }: FacialExpressionsMessage): ViewAnswer {
  return { stampSeconds: header.stamp.sec + header.stamp.nanosec / 1e9, faces: faces.map(viewFace) };
}

function viewFace(face: FacialExpressionMessage): ViewFace {
  const { box, landmarks, classes } = face;
  return {
    trackId: face.track_id,
    category: face.category,
    categoryIndex: face.category_index,
    confidence: face.confidence,
    classes: classes.map(({ name, mean, std }) => ({ name, mean, std })),
    predictiveEntropy: face.predictive_entropy,
    mutualInformation: face.mutual_information,
    repeats: face.repeats,
    box: { x: box.x, y: box.y, width: box.width, height: box.height },
    landmarks: landmarks.flatMap(({ x, y }) => [x, y]).map((value) => Math.round(value * 10) / 10),
    perceptionMilliseconds: face.perception_ms,
    inferenceMilliseconds: face.inference_ms,
    latencyMilliseconds: face.latency_ms,
  };
}

/** A stamp as a key: the same for an image and for the answer about it. */
export function stampKey({ sec, nanosec }: TimeMessage): string {
  return `${sec}.${nanosec}`;
}
