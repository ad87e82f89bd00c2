import type { FoundImageReader } from '../camera/image_backend.js';
import type { FolderFiles } from '../datasets/file_tree.js';
import type { LandmarkFrame } from '../datasets/landmark_folder.js';
import type { MissingRule } from '../datasets/missing_landmarks.js';
import type { LandmarkerSource } from './landmarkers.js';

/** What a landmark worker is started with. */
export interface LandmarkWorkerStart {
  readonly source: LandmarkerSource;
  readonly framesFolder: string;
  readonly reader: FoundImageReader;
  readonly missing: MissingRule;
  /** Of the image in the landmarks' pixels; null: its own. */
  readonly width: number | null;
}

/** To the worker: a sequence at a time, of images within the folder of frames. */
export type LandmarkWorkerRequest =
  | { readonly kind: 'sequence'; readonly sequence: FolderFiles }
  | { readonly kind: 'stop' };

/** From the worker: `ready` or `refused` once, then for each sequence `share` now and then and `landmarks` or `refused`. */
export type LandmarkWorkerReply =
  | { readonly kind: 'ready' }
  /** What was wrong with an input, for a person. */
  | { readonly kind: 'refused'; readonly message: string }
  /** How much of the sequence is done, 0 to 1. */
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'landmarks'; readonly frames: readonly LandmarkFrame[] };
