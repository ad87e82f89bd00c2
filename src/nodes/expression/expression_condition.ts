import type { ModelFacts } from '../../pipeline/worker_protocol.js';
import type { FailureRecord } from '../diagnostics/failure_record.js';
import type { ExpressionParameters } from './expression_parameters.js';
import type { ImageCounts, ImageStatistics } from './image_statistics.js';
import type { StampCounts } from './image_timeline.js';

/** How expression_node is, as its diagnostics tell. */
export interface ExpressionCondition {
  /** Of its life cycle, such as `active`. */
  readonly state: string;
  readonly parameters: ExpressionParameters;
  readonly failures: FailureRecord;
  /** From configure to cleanup. */
  readonly worker: WorkerCondition | undefined;
  /** The images' topic, with its namespace. */
  readonly topic: string;
  /** Why no images are taken, for a person; undefined where they are. */
  readonly idle: string | undefined;
  /** Why no image arrives though they are taken, for a person; undefined where some did lately. */
  readonly silence: string | undefined;
  readonly counts: ImageCounts;
  readonly stampCounts: StampCounts;
  readonly statistics: ImageStatistics;
  /** Why the last image was refused that was. */
  readonly lastRefusal: string | undefined;
  /** In the last processed image. */
  readonly faces: number;
}

/** What there is to know of a worker. */
export interface WorkerCondition {
  /** Of the model that answers, or answered last. */
  readonly facts: ModelFacts;
  /** Whether it is there for images; false while one that broke is replaced. */
  readonly isRunning: boolean;
  /** How often one that broke was replaced. */
  readonly restarts: number;
  /** What the worker's JavaScript held after the last image; 0 where there was none. */
  readonly heapBytes: number;
}
