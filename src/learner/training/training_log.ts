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
}

/**
 * Where a training tells how it goes: a progress bar, log.txt, and TensorBoard's scalars under
 * EXPERIMENT_tensorboard/{train,val}, with the reference's tags.
 */
export class TrainingLog {
  private progress: Progress;
  private epochOffset = 0;
  private latest = '';

  private events: { readonly train: EventFile; readonly val: EventFile } | null = null;

  constructor(private readonly options: TrainingLogOptions) {
    this.progress = new Progress('epoch', options.silent);
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
    if (this.options.loggingPath === '') return;
    const step = this.epochOffset + epoch;
    this.events ??= await this.openEvents(step);
    const { train, val } = this.events;
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

  /** A log that begins after step 0 goes on with an earlier one, whose later steps TensorBoard then leaves out. */
  private async openEvents(step: number) {
    const folder = join(this.options.loggingPath, `${this.options.experimentName}_tensorboard`);
    const firstStep = step > 0 ? step : null;
    return {
      train: await EventFile.open(join(folder, 'train'), firstStep),
      val: await EventFile.open(join(folder, 'val'), firstStep),
    };
  }

  private async write(text: string): Promise<void> {
    const { loggingPath } = this.options;
    if (loggingPath === '') return;
    await mkdir(loggingPath, { recursive: true });
    await appendFile(join(loggingPath, 'log.txt'), `[${new Date().toISOString()}] ${text}\n`);
  }
}
