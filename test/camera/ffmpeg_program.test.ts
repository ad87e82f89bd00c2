import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { everyFrameOnceOptions, findFfmpeg } from '../../src/camera/ffmpeg_program.js';
import { InvalidInputError } from '../../src/errors.js';

describe('everyFrameOnceOptions', () => {
  for (const [line, option] of [
    ['ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright (c) 2000-2021 the FFmpeg developers', '-vsync'],
    ['ffmpeg version 5.0.1 Copyright (c)', '-vsync'],
    ['ffmpeg version 5.1.6-0+deb12u1 Copyright (c)', '-fps_mode'],
    ['ffmpeg version n9.0.2-17-g2a571b6068 Copyright (c)', '-fps_mode'],
    ['ffmpeg version N-109000-gabcdef Copyright (c)', '-fps_mode'],
  ] as const) {
    it(`is ${option} for ${line.slice(0, 30)}`, () => {
      assert.deepEqual(everyFrameOnceOptions(line), [option, 'passthrough']);
    });
  }
});

describe('findFfmpeg', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fer-ffmpeg-'));
    await program('ffmpeg', 'ffmpeg version 6.1 Copyright (c)');
    await program('grep', 'grep (GNU grep) 3.8');
  });
  after(() => rm(folder, { recursive: true }));

  async function program(name: string, says: string): Promise<void> {
    await writeFile(join(folder, name), `#!/bin/sh\necho '${says}'\n`);
    await chmod(join(folder, name), 0o755);
  }

  it('takes the one on PATH, and FFMPEG_PATH before it', async () => {
    assert.equal((await findFfmpeg({ PATH: `/nowhere::${folder}` })).path, join(folder, 'ffmpeg'));
    const named = await findFfmpeg({ PATH: '/nowhere', FFMPEG_PATH: join(folder, 'ffmpeg') });
    assert.deepEqual(named, { path: join(folder, 'ffmpeg'), everyFrameOnce: ['-fps_mode', 'passthrough'] });
  });

  it('refuses a FFMPEG_PATH that is no ffmpeg, naming the variable', async () => {
    for (const [name, why] of [
      [
        'grep',
        /FFMPEG_PATH is ".*grep", expected ffmpeg's file \(it says: grep \(GNU grep\) 3.8\) \(from the environment\)/,
      ],
      ['missing', /FFMPEG_PATH is ".*missing", .*ENOENT/],
    ] as const) {
      await assert.rejects(findFfmpeg({ FFMPEG_PATH: join(folder, name) }), (error) => {
        assert.ok(error instanceof InvalidInputError);
        assert.match(error.message, why);
        return true;
      });
    }
  });
});
