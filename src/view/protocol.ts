/** A face in an answer, as the page shows it. */
export interface ViewFace {
  readonly trackId: number;
  /** Empty while the face is not watched for long enough. */
  readonly category: string;
  /** In `classes`; -1 while there is none. */
  readonly categoryIndex: number;
  /** 0 to 1. */
  readonly confidence: number;
  /** Of each category, probability and spread, 0 to 1. */
  readonly classes: readonly { readonly name: string; readonly mean: number; readonly std: number }[];
  /** Nats. */
  readonly predictiveEntropy: number;
  /** Nats. */
  readonly mutualInformation: number;
  readonly repeats: number;
  /** Pixels of the image. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** x0, y0, x1, y1, ... in pixels of the image. */
  readonly landmarks: readonly number[];
  readonly perceptionMilliseconds: number;
  readonly inferenceMilliseconds: number;
  readonly latencyMilliseconds: number;
}

/** What the node said of an image. */
export interface ViewAnswer {
  /** The image's stamp, seconds. */
  readonly stampSeconds: number;
  readonly faces: readonly ViewFace[];
}

/** What there is to know of a topic. */
export interface ViewTopic {
  readonly name: string;
  readonly publishers: number;
  /** Since the last message; null where none came since the page is open. */
  readonly silentSeconds: number | null;
}

/** What has happened since the page asked the last time. */
export interface ViewUpdate {
  /** To ask with the next time. */
  readonly version: number;
  /** Oldest first. */
  readonly answers: readonly ViewAnswer[];
  /** The newest image, and the answer about it; null where there is no new one. */
  readonly picture: {
    /** Pixels of the image, which the JPEG may be smaller than. */
    readonly width: number;
    readonly height: number;
    /** null while the node is silent, so that nothing is known of the image. */
    readonly answer: ViewAnswer | null;
  } | null;
  /** Why the image cannot be shown; null where it can. */
  readonly pictureTrouble: string | null;
  readonly imageTopic: ViewTopic;
  readonly expressionsTopic: ViewTopic;
}
