import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { packageRoot } from '../../../src/package_root.js';
import { setupModule } from './setup_modules.js';

const { hashOf, step } = await setupModule<{
  hashOf(texts: string[], paths?: string[]): string;
  step(options: {
    name: string;
    title: string;
    key?: string;
    outputs?: string[];
    run(log: string): Promise<unknown>;
  }): Promise<boolean>;
}>('step.mjs');

describe('step', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fer-step-'));
  const name = `test-${process.pid}`;
  const output = join(folder, 'output');
  after(() => {
    rmSync(folder, { recursive: true });
    rmSync(join(packageRoot(), '.ros', 'stamps', name), { force: true });
  });

  async function ran(key: string | undefined, run = async () => writeFileSync(output, '')): Promise<boolean> {
    return step({ name, title: 'a step of a test', ...(key === undefined ? {} : { key }), outputs: [output], run });
  }

  it('runs when its inputs have changed, when an output is gone and after it has failed, and else not', async () => {
    assert.equal(await ran('one'), true);
    assert.equal(await ran('one'), false);
    assert.equal(await ran('two'), true);
    assert.equal(await ran('two'), false);
    rmSync(output);
    assert.equal(await ran('two'), true);
    const failing = async () => {
      throw new Error('no luck');
    };
    await assert.rejects(ran('three', failing), /no luck/);
    assert.equal(await ran('two'), true);
  });

  it('runs every time without a key', async () => {
    assert.equal(await ran(undefined), true);
    assert.equal(await ran(undefined), true);
  });
});

describe('hashOf', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fer-hash-'));
  after(() => rmSync(folder, { recursive: true }));

  it('changes with texts, with contents and with names in folders', () => {
    const file = join(folder, 'a');
    writeFileSync(file, 'first');
    const first = hashOf(['x'], [folder]);
    assert.equal(hashOf(['x'], [folder]), first);
    assert.notEqual(hashOf(['y'], [folder]), first);
    writeFileSync(file, 'second');
    const second = hashOf(['x'], [folder]);
    assert.notEqual(second, first);
    writeFileSync(join(folder, 'b'), '');
    assert.notEqual(hashOf(['x'], [folder]), second);
    assert.notEqual(hashOf(['ab', 'c']), hashOf(['a', 'bc']));
  });
});
