/** Labelled samples in memory. */
export interface Samples {
  /** (N, C, T, V, M), flat. */
  readonly data: Float32Array;
  /** (N): indices of classes. */
  readonly labels: Int32Array;
  readonly count: number;
}

/** What training draws its epochs from: the same samples each time, or freshly augmented ones. */
export interface EpochSource {
  /** The samples of one epoch; the seed makes it repeatable. */
  epoch(seed: number): Samples;
}
