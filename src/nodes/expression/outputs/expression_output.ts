import type { Node } from 'rclnodejs';
import type { AnnotatedImage, AnnotationWish } from '../../../pipeline/annotation.js';
import type { ImageExpressions } from '../../../pipeline/expression_pipeline.js';
import type { ModelFacts } from '../../../pipeline/worker_protocol.js';
import type { HeaderMessage } from '../../messages.js';
import type { ExpressionParameters } from '../expression_parameters.js';

/** What is known of an image once it was processed. */
export interface ImageAnswer {
  /** The image's own. */
  readonly header: HeaderMessage;
  readonly expressions: ImageExpressions;
  /** Of the model that answered. */
  readonly facts: ModelFacts;
  /** From the image's stamp until now. */
  readonly latencyMilliseconds: number;
  /** The node's parameters as they are now. */
  readonly parameters: ExpressionParameters;
}

/** Something that expression_node publishes about each image. It is made on configure and released on cleanup. */
export interface ExpressionOutput {
  /** Whether somebody listens: images are processed for it then, and it is given what came of them. Asked often. */
  readonly wanted: boolean;
  /** Called for every processed image while it is wanted and the node is active; may throw: the error is logged. */
  publish(answer: ImageAnswer): void;
  /** The pictures that are to be drawn of an image that has just come; without it none. Asked for every image. */
  annotation?(parameters: ExpressionParameters): AnnotationWish;
  /** Called with what was drawn, after `publish` of the same image. @param header the image's */
  publishAnnotated?(header: HeaderMessage, annotated: AnnotatedImage): void;
  /** Called when it is given no more answers for now: what it told of faces does not hold any more. */
  pause?(): void;
  /** Destroys its publishers. */
  release(): void;
}

/** A kind of output. */
export interface OutputKind {
  /** A change of any of these parameters makes the output anew. */
  readonly parameters: readonly (keyof ExpressionParameters)[];
  /**
   * Makes the output, with its publishers.
   *
   * @returns undefined where the parameters say that there shall be none, or where it cannot be had here, which is logged
   */
  open(node: Node, parameters: ExpressionParameters): ExpressionOutput | undefined;
}
