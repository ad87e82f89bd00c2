import type { Node } from 'rclnodejs';
import type { ImageAnswer, OutputKind } from './expression_output.js';
import { randomFaceId } from './face_ids.js';
import {
  type ExpressionMessage,
  expressionMessage,
  type FacialLandmarksMessage,
  type IdsListMessage,
  landmarksMessage,
  type RegionOfInterestMessage,
  regionMessage,
} from './hri_messages.js';
import { hasMessages } from './optional_messages.js';
import { OutputPublisher } from './output_publisher.js';

const IDS = 'hri_msgs/msg/IdsList';
/** REP 155's: the same for all nodes of a robot, whatever their namespace. */
const FACES = '/humans/faces';

/** A face that others know of, with its publishers. */
class PublishedFace {
  readonly id: string;
  /** Images in a row in which it was not seen. */
  missedImages = 0;
  readonly #region: OutputPublisher<RegionOfInterestMessage>;
  readonly #landmarks: OutputPublisher<FacialLandmarksMessage>;
  readonly #expression: OutputPublisher<ExpressionMessage>;

  constructor(node: Node, id: string) {
    this.id = id;
    this.#region = new OutputPublisher(node, 'hri_msgs/msg/NormalizedRegionOfInterest2D', `${FACES}/${id}/roi`);
    this.#landmarks = new OutputPublisher(node, 'hri_msgs/msg/FacialLandmarks', `${FACES}/${id}/landmarks`);
    this.#expression = new OutputPublisher(node, 'hri_msgs/msg/Expression', `${FACES}/${id}/expression`);
  }

  get isHeard(): boolean {
    return this.#region.isHeard || this.#landmarks.isHeard || this.#expression.isHeard;
  }

  publish(
    { header, expressions, facts, parameters }: ImageAnswer,
    { box, landmarks, expression }: ImageAnswer['expressions']['faces'][number],
  ): void {
    if (this.#region.isHeard) this.#region.publish(regionMessage(header, box, expressions));
    if (this.#landmarks.isHeard) this.#landmarks.publish(landmarksMessage(header, landmarks, expressions));
    if (!this.#expression.isHeard) return;
    const message = expressionMessage(header, expression, facts.classes, parameters.min_confidence);
    if (message) this.#expression.publish(message);
  }

  destroy(): void {
    for (const publisher of [this.#region, this.#landmarks, this.#expression]) publisher.destroy();
  }
}

/**
 * The faces in the way of REP 155: the list of their ids, and topics for each face from when it appears until it has left,
 * which it has once it was missed in more than `leave_after_frames` images in a row.
 */
export const HRI_OUTPUT: OutputKind = {
  parameters: ['publish_hri'],
  open(node, { publish_hri }) {
    if (!publish_hri || !hasMessages(node, IDS, FACES)) return undefined;
    const tracked = new OutputPublisher<IdsListMessage>(node, IDS, `${FACES}/tracked`);
    /** By track id. */
    const faces = new Map<number, PublishedFace>();
    const remove = (trackId: number) => {
      faces.get(trackId)?.destroy();
      faces.delete(trackId);
    };
    const removeAll = () => {
      for (const trackId of [...faces.keys()]) remove(trackId);
    };
    let lastHeader: IdsListMessage['header'] | undefined;
    return {
      get wanted() {
        return tracked.isHeard || [...faces.values()].some((face) => face.isHeard);
      },
      publish(answer) {
        const { header, expressions, parameters } = answer;
        lastHeader = header;
        for (const [trackId, face] of faces) {
          face.missedImages++;
          const isSeen = expressions.faces.some((seen) => seen.trackId === trackId);
          if (!isSeen && face.missedImages > parameters.leave_after_frames) remove(trackId);
        }
        for (const { trackId } of expressions.faces) {
          const ids = [...faces.values()].map(({ id }) => id);
          if (!faces.has(trackId)) faces.set(trackId, new PublishedFace(node, randomFaceId(ids)));
          faces.get(trackId)!.missedImages = 0;
        }
        if (tracked.isHeard) tracked.publish({ header, ids: [...faces.values()].map(({ id }) => id) });
        for (const face of expressions.faces) faces.get(face.trackId)!.publish(answer, face);
      },
      pause() {
        removeAll();
        if (lastHeader && tracked.isHeard) tracked.publish({ header: lastHeader, ids: [] });
      },
      release() {
        removeAll();
        tracked.destroy();
      },
    };
  },
};
