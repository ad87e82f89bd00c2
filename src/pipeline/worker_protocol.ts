import type { WorkingDevice } from '../learner/onnx/device.js';
import type { SensorImage } from '../perception/image/encoded_image.js';
import type { LoadableExtractorName } from '../perception/landmarks/landmark_extractor_name.js';
import type { AnnotatedImage, AnnotationWish } from './annotation.js';
import type { ImageExpressions, PipelineSettings } from './expression_pipeline.js';

/** The devices that a model can run on. */
export const DEVICES = ['auto', 'cpu', 'cuda', 'webgpu'] as const;

/** Where a model lies: DIRECTORY/NAME.json and what that names. */
export interface ModelPlace {
  readonly directory: string;
  readonly name: string;
}

/** What the expression worker is started with. */
export interface WorkerStart {
  readonly model: ModelPlace;
  readonly device: (typeof DEVICES)[number];
  /** Of each network's run. */
  readonly threads: number;
  /** What finds the landmarks. */
  readonly landmarkExtractor: LoadableExtractorName;
  /** The file of dlib's model, for dlib; undefined for the system's own. */
  readonly shapePredictor: string | undefined;
  /** Pixels of the detector's input, where the extractor lets one choose. */
  readonly detectorSize?: number | undefined;
  /** The lowest score of a detection; undefined for the extractor's own. */
  readonly detectorThreshold?: number | undefined;
  readonly settings: PipelineSettings;
}

/** What is known of a model that was loaded. */
export interface ModelFacts {
  /** Names of the categories, in the order of an estimate's numbers. */
  readonly classes: readonly string[];
  /** The extractors that the model was trained for; none where that is not known. */
  readonly landmarkExtractors: readonly string[];
  /** What it runs on. */
  readonly device: WorkingDevice;
}

/** What the worker is to draw of an image. */
export interface AnnotationRequest extends AnnotationWish {
  /** Added to the numbers of faces, which the worker counts from 1. */
  readonly idOffset: number;
}

/** To the worker. */
export type WorkerRequest =
  | {
      readonly kind: 'image';
      readonly image: SensorImage;
      /** Since any moment that stays the same: then small numbers lose no nanoseconds. */
      readonly stampSeconds: number;
      /** Where the image came from, for an error. */
      readonly origin: string;
      /** What is to be drawn of it; undefined for nothing. */
      readonly annotation: AnnotationRequest | undefined;
    }
  | { readonly kind: 'settings'; readonly settings: PipelineSettings }
  | { readonly kind: 'model'; readonly model: ModelPlace }
  | { readonly kind: 'reset' }
  | { readonly kind: 'stop' };

/**
 * From the worker: `ready` or `failed` once, then `expressions` or `refused` for each image, `model` or `model_failed` for
 * each model, and `reset` for each reset. What is drawn of images follows their `expressions`, in their order.
 */
export type WorkerReply =
  | { readonly kind: 'ready' | 'model'; readonly facts: ModelFacts }
  | { readonly kind: 'failed' | 'model_failed'; readonly message: string }
  | {
      readonly kind: 'expressions';
      readonly expressions: ImageExpressions;
      /** What the worker's JavaScript holds; networks and images are not in it. */
      readonly heapBytes: number;
      /** Whether `annotated` or `annotation_failed` will follow for this image; not where the one before is still being encoded. */
      readonly isAnnotated: boolean;
    }
  | { readonly kind: 'annotated'; readonly annotated: AnnotatedImage }
  | { readonly kind: 'annotation_failed'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'reset' };
