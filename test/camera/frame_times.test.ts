import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { type FrameTime, readFrameTimes } from '../../src/camera/frame_times.js';

const HEADER =
  '#software: Lavf60\n#tb 0: 1/1000\n#media_type 0: video\n#codec_id 0: rawvideo\n#dimensions 0: 4x2\n#sar 0: 0/1\n';

async function read(text: string): Promise<FrameTime[]> {
  const times: FrameTime[] = [];
  for await (const time of readFrameTimes(Readable.from([text]))) times.push(time);
  return times;
}

describe('readFrameTimes', () => {
  it('reads times in seconds, sizes in bytes and pixels', async () => {
    const text = `${HEADER}0,          0,          0,       40,       24, 0x1\n0,        40,        50,        0,       24, 0x2\n`;
    assert.deepEqual(await read(text), [
      { timeSeconds: 0, durationSeconds: 0.04, byteLength: 24, width: 4, height: 2 },
      { timeSeconds: 0.05, durationSeconds: 0, byteLength: 24, width: 4, height: 2 },
    ]);
  });

  for (const [what, line] of [
    ['a frame of another size', '0, 0, 0, 40, 25, 0x1'],
    ['a frame without a time', '0, NOPTS, NOPTS, 40, 24, 0x1'],
    ['something else', 'Segmentation fault'],
  ]) {
    it(`refuses ${what}, quoting it`, async () => {
      await assert.rejects(read(`${HEADER}${line}\n`), new RegExp(`"${line}", expected its time and 4 x 2 x 3 bytes`));
    });
  }
});
