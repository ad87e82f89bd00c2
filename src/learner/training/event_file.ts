import { appendFile, mkdir, open, readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { maskedCrc32c } from './crc32c.js';
import { Event, SESSION_START } from './event_schema.js';

/** What TensorBoard wants a file to start with. */
const FILE_VERSION = 'brain.Event:2';

const LENGTH_BYTES = 8;
const CRC_BYTES = 4;

/**
 * A file of scalars for TensorBoard.
 *
 * Events are appended as whole records, so a killed run leaves a file that TensorBoard reads; a run that goes on opens a
 * further file in the same folder, which takes the place of the old ones from its first step on.
 */
export class EventFile {
  private pending: Uint8Array[] = [];

  private constructor(readonly path: string) {}

  /**
   * Starts a new file in a folder, which is made where it is missing.
   *
   * @param firstStep the first step that this run will write, where it goes on with a run whose files are in the folder:
   *   what those have from this step on is not shown any more
   */
  static async open(folder: string, firstStep: number | null = null): Promise<EventFile> {
    await mkdir(folder, { recursive: true });
    const path = join(folder, fileName(await readdir(folder)));
    await (await open(path, 'wx')).close();
    const file = new EventFile(path);
    file.add({ step: 0, fileVersion: FILE_VERSION });
    if (firstStep !== null) file.add({ step: firstStep, sessionLog: { status: SESSION_START } });
    await file.flush();
    return file;
  }

  /** Notes a value, now; written by the next `flush`. @param step a whole number, such as the epoch */
  scalar(tag: string, value: number, step: number): void {
    this.add({ step, summary: { value: [{ tag, simpleValue: value }] } });
  }

  /** Appends all that was noted. */
  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.pending);
    this.pending = [];
    if (bytes.length > 0) await appendFile(this.path, bytes);
  }

  /** Appends what is left; nothing stays open between writes. */
  async close(): Promise<void> {
    await this.flush();
  }

  private add(event: object): void {
    this.pending.push(recordOf(Event.encode(Event.create({ wallTime: Date.now() / 1000, ...event })).finish()));
  }
}

/**
 * events.out.tfevents.SECONDS.HOST.PROCESS. TensorBoard reads the files of a folder in the order of their names, so the
 * seconds are later than those of every file that is there, even within one second or after the clock was set back.
 */
function fileName(existing: readonly string[]): string {
  const seconds = existing.map((name) => Number(/^events\.out\.tfevents\.(\d+)\./.exec(name)?.[1] ?? 0));
  const now = Math.max(Math.floor(Date.now() / 1000), ...seconds.map((second) => second + 1));
  return `events.out.tfevents.${String(now).padStart(10, '0')}.${hostname()}.${process.pid}`;
}

/** A TFRecord: length, its checksum, data, its checksum, little-endian (tensorflow/core/lib/io/record_writer.h). */
function recordOf(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(LENGTH_BYTES + CRC_BYTES + data.length + CRC_BYTES);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, LENGTH_BYTES)), LENGTH_BYTES);
  record.set(data, LENGTH_BYTES + CRC_BYTES);
  record.writeUInt32LE(maskedCrc32c(data), LENGTH_BYTES + CRC_BYTES + data.length);
  return record;
}
