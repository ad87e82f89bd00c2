/** How the learning rate changes over the epochs: '' keeps it, but for the drops. */
export type LearningRateSchedule = '' | 'cosine';

export interface LearningRateOptions {
  readonly lr: number;
  readonly lrSchedule: LearningRateSchedule;
  /** Epochs after which the learning rate is divided by 10. */
  readonly dropAfterEpoch: readonly number[];
  readonly epochs: number;
}

/** The learning rate of an epoch, counted from 0; 'cosine' goes from lr to 0 in half a wave (Loshchilov and Hutter 2017). */
export function learningRateAt(epoch: number, options: LearningRateOptions): number {
  if (options.lrSchedule === 'cosine') return (options.lr / 2) * (1 + Math.cos((Math.PI * epoch) / options.epochs));
  return options.lr * 0.1 ** options.dropAfterEpoch.filter((drop) => epoch >= drop).length;
}
