import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { writeFileWhole } from '../src/files.js';
import { SeededRandom } from '../src/learner/random/seeded_random.js';
import { temporaryFolder } from './support/folders.js';

const folder = temporaryFolder();
const KILLS = 10;
const SIZE = 2 ** 22;

/** Writes files of SIZE equal bytes to a path, one after the other, and says so of the first. */
const WRITER = `
  import { writeFileWhole } from '${new URL('../src/files.js', import.meta.url).href}';
  for (let i = 0; ; i++) {
    await writeFileWhole(process.argv[1], new Uint8Array(${SIZE}).fill(i));
    if (i === 0) console.log('written');
  }
`;

describe('writeFileWhole', () => {
  it('makes missing folders and replaces what was there', async () => {
    const path = join(folder.path, 'a', 'b', 'file');
    await writeFileWhole(path, 'first');
    await writeFileWhole(path, 'second');
    assert.equal(readFileSync(path, 'utf8'), 'second');
    assert.deepEqual(readdirSync(join(folder.path, 'a', 'b')), ['file']);
  });

  it('leaves nothing behind where it fails', async () => {
    mkdirSync(join(folder.path, 'c', 'taken', 'full'), { recursive: true });
    await assert.rejects(writeFileWhole(join(folder.path, 'c', 'taken'), 'text'));
    assert.deepEqual(readdirSync(join(folder.path, 'c')), ['taken']);
  });

  it('leaves a whole file whenever its process is killed', async () => {
    const path = join(folder.path, 'killed');
    const random = new SeededRandom(1);
    for (let kill = 0; kill < KILLS; kill++) {
      const writer = spawn(process.execPath, ['--input-type=module', '-e', WRITER, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(writer.stdout, 'data');
      await setTimeout(random.below(60));
      writer.kill('SIGKILL');
      await once(writer, 'exit');
      assert.ok(existsSync(path));
      const contents = readFileSync(path);
      assert.equal(contents.length, SIZE);
      assert.ok(contents.equals(Buffer.alloc(SIZE, contents[0])));
    }
  });
});
