import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Progress } from '../../progress.js';
import { EventFile } from './event_file.js';
import type { EpochRecord } from './training_run.js';

export interface TrainingLogOptions {
  /** Folder of log.txt and EXPERIMENT_tensorboard; '' writes neither. */
  readonly loggingPath: string;
  readonly experimentName: string;
  /** Prints nothing. */
  readonly silent: boolean;
  /** Prints what is said beside the progress. */
  readonly verbose: boolean;
  /** The first step in TensorBoard where this goes on with an earlier training; null for a new one. */
  readonly firstStep: number | null;
}

/**
 * Where a training tells how it goes: a progress bar, log.txt, and TensorBoard's scalars under
 * EXPERIMENT_tensorboard/{train,val}, with the reference's tags.
 */
export class TrainingLog {
  private progress: Progress;
  private epochOffset = 0;
  private latest = '';

  private constructor(
    private readonly options: TrainingLogOptions,
    private readonly events: { readonly train: EventFile; readonly val: EventFile } | null,
  ) {
    this.progress = new Progress('epoch', options.silent);
  }

  static async open(options: TrainingLogOptions): Promise<TrainingLog> {
    const { loggingPath, experimentName, firstStep } = options;
    if (loggingPath === '') return new TrainingLog(options, null);
    await mkdir(loggingPath, { recursive: true });
    const folder = join(loggingPath, `${experimentName}_tensorboard`);
    const events = {
      train: await EventFile.open(join(folder, 'train'), firstStep),
      val: await EventFile.open(join(folder, 'val'), firstStep),
    };
    return new TrainingLog(options, events);
  }

  /** A new training begins, such as that of a candidate; its steps in TensorBoard follow those of `epochOffset` epochs. */
  begin(label: string, epochOffset: number): void {
    this.progress = new Progress(`${label}epoch`, this.options.silent);
    this.epochOffset = epochOffset;
    this.latest = '';
  }

  batch(epoch: number, done: number, batches: number, epochs: number): void {
    // The last batch is reported with its epoch, which knows more.
    if (done < batches) this.progress.update(epoch + done / batches, epochs, this.latest);
  }

  async epoch(record: EpochRecord, epochs: number): Promise<void> {
    const { epoch, loss, accuracy, learningRate, valLoss, valAccuracy } = record;
    const validation = valLoss === null ? '' : `, validation ${valLoss.toFixed(4)} / ${valAccuracy!.toFixed(3)}`;
    this.latest = `loss ${loss.toFixed(4)}, accuracy ${accuracy.toFixed(3)}${validation}`;
    this.progress.update(epoch + 1, epochs, this.latest);
    await this.write(`epoch ${epoch + 1}/${epochs}: ${this.latest}, learning rate ${learningRate.toPrecision(3)}`);
    if (this.events === null) return;
    const { train, val } = this.events;
    const step = this.epochOffset + epoch;
    train.scalar('epoch', epoch, step);
    train.scalar('acc', accuracy, step);
    train.scalar('loss', loss, step);
    // The reference logs the L1 term that its models do not have: always 0.
    train.scalar('loss_l1', 0, step);
    train.scalar('lr', learningRate, step);
    await train.flush();
    if (valLoss === null) return;
    val.scalar('loss', valLoss, step);
    val.scalar('loss_l1', 0, step);
    val.scalar('acc', valAccuracy!, step);
    await val.flush();
  }

  /** A line for log.txt, which is printed too where the log is verbose. */
  async line(text: string): Promise<void> {
    const { silent, verbose } = this.options;
    this.progress.end();
    if (!silent && verbose) process.stderr.write(`${text}\n`);
    await this.write(text);
  }

  async close(): Promise<void> {
    this.progress.end();
    await this.events?.train.close();
    await this.events?.val.close();
  }

  private async write(text: string): Promise<void> {
    const { loggingPath } = this.options;
    if (loggingPath !== '') await appendFile(join(loggingPath, 'log.txt'), `[${new Date().toISOString()}] ${text}\n`);
  }
}
