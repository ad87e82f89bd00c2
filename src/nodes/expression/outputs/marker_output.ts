import { faceLabel, trackColour } from '../../../annotate/annotate_image.js';
import type { FaceExpression, ImageExpressions } from '../../../pipeline/expression_pipeline.js';
import { certainEstimate, type HeaderMessage, type TimeMessage, UNCERTAIN } from '../../messages.js';
import type { OutputKind } from './expression_output.js';
import { OutputPublisher } from './output_publisher.js';

const MARKERS = 'visualization_msgs/msg/MarkerArray';

/** visualization_msgs/msg/Marker's types and actions, as far as they are used. */
const LINE_STRIP = 4;
const SPHERE_LIST = 7;
const TEXT_VIEW_FACING = 9;
const DELETE_ALL = 3;

/** After so long without others, markers go by themselves: the node may have ended. */
const LIFETIME: TimeMessage = { sec: 1, nanosec: 0 };

/** Metres in the plane of the markers, where the image is a metre wide. */
const LINE_WIDTH = 0.004;
const POINT_SIZE = 0.005;
const TEXT_HEIGHT = 0.04;

/** geometry_msgs/msg/Point, metres. */
interface PointMessage {
  x: number;
  y: number;
  z: number;
}

/** visualization_msgs/msg/Marker; what is left out is ROS's default. */
export interface MarkerMessage {
  header: HeaderMessage;
  action: number;
  ns?: string;
  id?: number;
  type?: number;
  pose?: { position: PointMessage; orientation: { x: number; y: number; z: number; w: number } };
  scale?: PointMessage;
  color?: { r: number; g: number; b: number; a: number };
  lifetime?: TimeMessage;
  points?: PointMessage[];
  text?: string;
}

/** visualization_msgs/msg/MarkerArray. */
export interface MarkerArrayMessage {
  markers: MarkerMessage[];
}

/**
 * Box, landmarks and category of each face, in the plane a metre before the camera in which the image is a metre wide
 * (x to the right, y down, z forward, as in a camera's optical frame): where in space the faces are is not known. The first
 * marker takes away those of the image before.
 *
 * @param header the image's
 * @param minConfidence 0 to 1: a category of less confidence is told as uncertain
 */
export function markersMessage(
  header: HeaderMessage,
  { faces, width, height }: ImageExpressions,
  minConfidence: number,
): MarkerArrayMessage {
  const at = (x: number, y: number): PointMessage => ({
    x: (x - width / 2) / width,
    y: (y - height / 2) / width,
    z: 1,
  });
  const all: MarkerMessage = { header, action: DELETE_ALL };
  return { markers: [all, ...faces.flatMap((face) => faceMarkers(header, face, at, minConfidence))] };
}

function faceMarkers(
  header: HeaderMessage,
  face: FaceExpression,
  at: (x: number, y: number) => PointMessage,
  minConfidence: number,
): MarkerMessage[] {
  const { trackId: id, box, landmarks } = face;
  const [r, g, b] = trackColour(id);
  const color = { r: r / 255, g: g / 255, b: b / 255, a: 1 };
  const common = { header, action: 0, id, color, lifetime: LIFETIME };
  const corners = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
    [0, 0],
  ] as const;
  return [
    {
      ...common,
      ns: 'box',
      type: LINE_STRIP,
      pose: poseAt({ x: 0, y: 0, z: 0 }),
      scale: { x: LINE_WIDTH, y: 0, z: 0 },
      points: corners.map(([right, down]) => at(box.x + right * box.width, box.y + down * box.height)),
    },
    {
      ...common,
      ns: 'landmarks',
      type: SPHERE_LIST,
      pose: poseAt({ x: 0, y: 0, z: 0 }),
      scale: { x: POINT_SIZE, y: POINT_SIZE, z: POINT_SIZE },
      points: Array.from({ length: landmarks.length / 2 }, (_, point) =>
        at(landmarks[2 * point]!, landmarks[2 * point + 1]!),
      ),
    },
    {
      ...common,
      ns: 'category',
      type: TEXT_VIEW_FACING,
      pose: poseAt(above(at(box.x + box.width / 2, box.y))),
      scale: { x: 0, y: 0, z: TEXT_HEIGHT },
      text: labelOf(face, minConfidence),
    },
  ];
}

function poseAt(position: PointMessage): NonNullable<MarkerMessage['pose']> {
  return { position, orientation: { x: 0, y: 0, z: 0, w: 1 } };
}

function above({ x, y, z }: PointMessage): PointMessage {
  return { x, y: y - TEXT_HEIGHT, z };
}

function labelOf({ trackId, expression }: FaceExpression, minConfidence: number): string {
  const told =
    expression && !certainEstimate(expression, minConfidence)
      ? { ...expression, estimate: { ...expression.estimate, category: UNCERTAIN } }
      : expression;
  // RViz's font has ASCII only.
  return faceLabel({ trackId, expression: told }).replace('±', '+/-').replace('…', '...');
}

/** The faces for RViz and Foxglove. */
export const MARKER_OUTPUT: OutputKind = {
  parameters: ['publish_markers'],
  open(node, { publish_markers }) {
    if (!publish_markers) return undefined;
    const publisher = new OutputPublisher<MarkerArrayMessage>(node, MARKERS, '~/markers');
    return {
      get wanted() {
        return publisher.isHeard;
      },
      publish({ header, expressions, parameters }) {
        publisher.publish(markersMessage(header, expressions, parameters.min_confidence));
      },
      release: () => publisher.destroy(),
    };
  },
};
