import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setupModule } from './setup_modules.js';

const { runCommand } = await setupModule<{
  runCommand(command: string[], options: { log: string; mending: string; cwd?: string }): Promise<string>;
}>('command.mjs');

describe('runCommand', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fer-command-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('gives what the command printed, and logs it', async () => {
    const log = join(folder, 'deeper', 'good.log');
    const script = 'console.log("out"); console.error("err")';
    assert.equal(await runCommand([process.execPath, '-e', script], { log, mending: 'none' }), 'out\n');
    const text = await readFile(log, 'utf8');
    assert.ok(text.includes(`$ ${process.execPath} -e`) && text.includes('out\n') && text.includes('err\n'), text);
  });

  it('tells which command failed, how it looked, where the log is and how to mend it', async () => {
    const log = join(folder, 'bad.log');
    // Both streams have a pipe of their own: the cause comes once all lines have certainly gone through theirs.
    const script =
      'for (let i = 0; i < 500; i++) console.log("line " + i + ".");' +
      'process.exitCode = 3; setTimeout(() => console.error("the cause"), 500);';
    await assert.rejects(
      runCommand([process.execPath, '-e', script], { log, cwd: folder, mending: 'turn it off and on again' }),
      (error: Error) => {
        assert.equal(error.name, 'SetupError');
        for (const part of [
          process.execPath,
          '(exit code 3)',
          folder,
          'line 0.',
          'line 499.',
          'the cause',
          'bad.log',
        ]) {
          assert.ok(error.message.includes(part), `${part} in:\n${error.message}`);
        }
        assert.ok(!error.message.includes('line 250.'));
        assert.match(error.message, /To mend it: turn it off and on again$/);
        return true;
      },
    );
    assert.ok((await readFile(log, 'utf8')).includes('line 250.'));
  });

  it('tells of a program that is not there', () =>
    assert.rejects(
      runCommand(['no_such_program'], { log: join(folder, 'missing.log'), mending: 'install it' }),
      /no_such_program\n {2}failed \(.*ENOENT\)[\s\S]*install it/,
    ));
});
