import type { EncodedImage } from '../perception/image/decode_image.js';
import type { LoadableExtractorName } from '../perception/landmarks/landmark_extractor_name.js';
import type { ImageExpressions, PipelineSettings } from './expression_pipeline.js';

/** The devices that a model can run on. */
export const DEVICES = ['auto', 'cpu', 'cuda', 'webgpu'] as const;

/** What the expression worker is started with. */
export interface WorkerStart {
  readonly modelDirectory: string;
  readonly modelName: string;
  readonly device: (typeof DEVICES)[number];
  /** What finds the landmarks. */
  readonly landmarkExtractor: LoadableExtractorName;
  /** The file of dlib's model, for dlib; undefined for the system's own. */
  readonly shapePredictor: string | undefined;
  /** Whether landmarks are filtered over time. */
  readonly smoothLandmarks: boolean;
  readonly settings: PipelineSettings;
}

/** To the worker. */
export type WorkerRequest =
  | {
      readonly kind: 'image';
      readonly image: EncodedImage;
      /** Since any moment that stays the same: then small numbers lose no nanoseconds. */
      readonly stampSeconds: number;
      /** Where the image came from, for an error. */
      readonly origin: string;
    }
  | { readonly kind: 'settings'; readonly settings: PipelineSettings }
  | { readonly kind: 'stop' };

/** From the worker: `ready` or `failed` once, then `expressions` or `refused` for each image. */
export type WorkerReply =
  | {
      readonly kind: 'ready';
      readonly classes: readonly string[];
      /** The extractors that the model was trained for; none where that is not known. */
      readonly landmarkExtractors: readonly string[];
    }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'expressions'; readonly expressions: ImageExpressions }
  | { readonly kind: 'refused'; readonly message: string };
