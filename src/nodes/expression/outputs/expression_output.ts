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
  /** Called for every processed image while the node is active; may throw: the error is logged. */
  publish(answer: ImageAnswer): void;
  /** Destroys its publishers. */
  release(): void;
}
