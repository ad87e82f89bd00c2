import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { maskedCrc32c } from '../../../src/learner/training/crc32c.js';
import { EventFile } from '../../../src/learner/training/event_file.js';
import { Event } from '../../../src/learner/training/event_schema.js';
import { temporaryFolder } from '../../support/folders.js';
import { hasPythonModule, NO_TENSORBOARD, runPyTorch } from '../../support/pytorch.js';

const folder = temporaryFolder();

type Scalars = Record<string, [step: number, value: number][]>;

/** The events of a file, every record checked. */
function eventsOf(path: string): Record<string, unknown>[] {
  const bytes = readFileSync(path);
  const events: Record<string, unknown>[] = [];
  for (let position = 0; position < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(position));
    assert.equal(bytes.readUInt32LE(position + 8), maskedCrc32c(bytes.subarray(position, position + 8)));
    const data = bytes.subarray(position + 12, position + 12 + length);
    assert.equal(bytes.readUInt32LE(position + 12 + length), maskedCrc32c(data));
    events.push(Event.toObject(Event.decode(data), { longs: Number }));
    position += 16 + length;
  }
  return events;
}

/** What TensorBoard shows of a folder. */
const tensorBoardReads = (path: string) => runPyTorch<Scalars>('learner/training/tensorboard_scalars.py', [path]);

async function writeEpochs(path: string, epochs: readonly number[], firstStep: number | null): Promise<string> {
  const file = await EventFile.open(path, firstStep);
  for (const epoch of epochs) {
    file.scalar('loss', 1 / (1 + epoch), epoch);
    file.scalar('acc', (firstStep ?? 0) + epoch / 8, epoch);
    await file.flush();
  }
  await file.close();
  return file.path;
}

describe('an event file', () => {
  it('starts with its version, then has a record for each scalar with time and step', async () => {
    const before = Date.now() / 1000;
    const path = await writeEpochs(join(folder.path, 'new', 'train'), [0, 1], null);
    assert.match(basename(path), /^events\.out\.tfevents\.\d{10}\./);
    const events = eventsOf(path);
    assert.equal(events[0]!.fileVersion, 'brain.Event:2');
    assert.deepEqual(
      events.slice(1).map(({ step, summary }) => [step ?? 0, summary]),
      [
        [0, { value: [{ tag: 'loss', simpleValue: 1 }] }],
        [0, { value: [{ tag: 'acc', simpleValue: 0 }] }],
        [1, { value: [{ tag: 'loss', simpleValue: 0.5 }] }],
        [1, { value: [{ tag: 'acc', simpleValue: 0.125 }] }],
      ],
    );
    for (const { wallTime } of events) assert.ok(Number(wallTime) >= before && Number(wallTime) <= Date.now() / 1000);
  });

  it('holds what was flushed, whatever becomes of the run', async () => {
    const file = await EventFile.open(join(folder.path, 'flushed'));
    file.scalar('loss', 2, 0);
    await file.flush();
    file.scalar('loss', 1, 1);
    assert.equal(eventsOf(file.path).length, 2);
    await file.close();
    assert.equal(eventsOf(file.path).length, 3);
  });

  it('of a run that goes on comes after the files before it, and says from which step it counts', async () => {
    const path = join(folder.path, 'order');
    const [first, second] = [await writeEpochs(path, [0, 1, 2], null), await writeEpochs(path, [2, 3], 2)];
    assert.deepEqual(readdirSync(path).sort(), [basename(first), basename(second)]);
    assert.deepEqual(eventsOf(second)[1]!.sessionLog, { status: 1 });
    assert.equal(eventsOf(second)[1]!.step, 2);
  });
});

describe('TensorBoard', { skip: !hasPythonModule('tensorboard') && NO_TENSORBOARD }, () => {
  it('reads the scalars', async () => {
    const path = join(folder.path, 'read');
    await writeEpochs(path, [0, 1, 3], null);
    assert.deepEqual(tensorBoardReads(path), {
      loss: [
        [0, 1],
        [1, 0.5],
        [3, 0.25],
      ],
      acc: [
        [0, 0],
        [1, 0.125],
        [3, 0.375],
      ],
    });
  });

  it('shows each step of a run that was killed and went on once, as it was written last', async () => {
    const path = join(folder.path, 'resumed');
    await writeEpochs(path, [0, 1, 2, 3], null);
    await writeEpochs(path, [2, 3, 4], 2);
    const { acc } = tensorBoardReads(path);
    assert.deepEqual(acc, [
      [0, 0],
      [1, 0.125],
      [2, 2.25],
      [3, 2.375],
      [4, 2.5],
    ]);
  });

  it('reads all whole records of a file that was cut within one, and the file that follows it', async () => {
    const path = join(folder.path, 'cut');
    const first = await writeEpochs(path, [0, 1], null);
    truncateSync(first, readFileSync(first).length - 5);
    const copy = join(folder.path, 'cut_only');
    mkdirSync(copy);
    copyFileSync(first, join(copy, basename(first)));
    assert.deepEqual(tensorBoardReads(copy), {
      loss: [
        [0, 1],
        [1, 0.5],
      ],
      acc: [[0, 0]],
    });
    await writeEpochs(path, [1, 2], 1);
    assert.deepEqual(
      tensorBoardReads(path).loss!.map(([step]) => step),
      [0, 1, 2],
    );
  });

  it('finds a flipped bit by the checksums', async () => {
    const path = join(folder.path, 'flipped');
    const file = await writeEpochs(path, [0, 1], null);
    const bytes = readFileSync(file);
    bytes[bytes.length - 6]! ^= 1;
    writeFileSync(file, bytes);
    assert.equal(tensorBoardReads(path).acc!.length, 1);
  });
});
