/** One network that progressive building tried: what it was, how it did and what became of it. */
export interface BuildCandidate {
  /** Index of the layer that grew, from 0. */
  readonly layer: number;
  /** Index of the block that was added to it, from 0. */
  readonly block: number;
  /** Blocks of each layer of this candidate. */
  readonly topology: readonly number[];
  /** Number of trained parameters. */
  readonly parameters: number;
  /** Mean training loss of its last epoch, in nats. */
  readonly trainLoss: number;
  /** Loss on the validation data after its last epoch; null without validation data. */
  readonly valLoss: number | null;
  /** Share of the validation data that it answers right, 0 to 1; null without validation data. */
  readonly accuracy: number | null;
  /** What training and evaluating it took. */
  readonly seconds: number;
  readonly kept: boolean;
  /** Why it was kept or not, in words. */
  readonly reason: string;
}
