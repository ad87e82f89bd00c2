import { InvalidInputError } from '../../errors.js';

/**
 * The mean of a network's weights after each of the last epochs (stochastic weight averaging, Izmailov et al. 2018): it
 * answers much like a committee of these networks, at the price of one.
 */
export class WeightAverage {
  private readonly first: number;
  private mean: Float32Array | null;

  /**
   * @param epochs of the whole training
   * @param averaged how many of them, the last ones, are averaged; 0 turns averaging off
   * @param start the mean of an earlier part of the training, which goes on; null begins anew
   */
  constructor(
    private readonly epochs: number,
    private readonly averaged: number,
    start: Float32Array | null,
  ) {
    if (averaged > epochs) {
      throw new InvalidInputError('averageEpochs', averaged, `0 to epochs (${epochs})`, 'the options');
    }
    this.first = epochs - averaged;
    this.mean = start?.slice() ?? null;
  }

  /** Whether the mean takes the network's place after this epoch. */
  endsWith(epoch: number): boolean {
    return this.averaged > 0 && epoch === this.epochs - 1;
  }

  /** Takes the weights after an epoch, where it is one of those that are averaged. */
  add(epoch: number, parameters: Float32Array): void {
    if (epoch < this.first) return;
    const count = epoch - this.first + 1;
    // Only a first epoch begins a mean: one that goes on without its earlier part would be of other epochs than it says.
    if (count === 1) this.mean = parameters.slice();
    else if (this.mean === null) {
      const expected = `a checkpoint with a mean, or at most ${this.epochs - epoch} for the epochs that are left`;
      throw new InvalidInputError('averageEpochs', this.averaged, expected, 'the options');
    } else {
      const { mean } = this;
      for (let i = 0; i < mean.length; i++) mean[i] = mean[i]! + (parameters[i]! - mean[i]!) / count;
    }
  }

  /** A copy of the mean so far; null before the first epoch that is averaged. */
  copy(): Float32Array | null {
    return this.mean?.slice() ?? null;
  }
}
