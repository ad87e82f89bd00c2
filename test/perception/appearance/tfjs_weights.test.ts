import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readTfjsWeights } from '../../../src/perception/appearance/tfjs_weights.js';
import { temporaryFolder } from '../../support/folders.js';

describe('readTfjsWeights', () => {
  const folder = temporaryFolder();
  const manifest = () => join(folder.path, 'weights.json');
  const QUANTIZED = {
    name: 'a/filters',
    shape: [2, 2],
    dtype: 'float32',
    quantization: { dtype: 'uint8', scale: 0.5, min: -1 },
  };
  const FLOATS = { name: 'b/bias', shape: [2], dtype: 'float32' };
  const FIRST = Buffer.from([0, 1, 2, 255, 0, 0]);
  const SECOND = Buffer.from([0xc0, 0x3f, 0x00, 0x00, 0x00, 0xc0]);

  function write(weights: readonly object[], parts: Readonly<Record<string, Buffer>>): void {
    for (const [name, bytes] of Object.entries(parts)) writeFileSync(join(folder.path, name), bytes);
    writeFileSync(manifest(), JSON.stringify([{ paths: Object.keys(parts), weights }]));
  }

  it('reads bytes and floats, which may go on from one file to the next', () => {
    write([QUANTIZED, FLOATS], { 'one.bin': FIRST, 'two.bin': SECOND });
    const tensors = readTfjsWeights(manifest());
    assert.deepEqual([...tensors.keys()], ['a/filters', 'b/bias']);
    assert.deepEqual(tensors.get('a/filters')!.shape, [2, 2]);
    assert.deepEqual([...tensors.get('a/filters')!.values], [-1, -0.5, 0, 126.5]);
    assert.deepEqual([...tensors.get('b/bias')!.values], [1.5, -2]);
  });

  it('refuses files that are shorter or longer than their list says', () => {
    write([QUANTIZED, FLOATS], { 'one.bin': FIRST });
    assert.throws(
      () => readTfjsWeights(manifest()),
      /size is 6, expected at least 12 bytes, as b\/bias ends there.*one\.bin/s,
    );
    write([QUANTIZED], { 'one.bin': FIRST });
    assert.throws(() => readTfjsWeights(manifest()), /size is 6, expected 4 bytes/);
  });

  it('refuses other numbers, a list that is none, and files that are not there, by name', () => {
    write([{ ...FLOATS, dtype: 'int32' }], { 'two.bin': SECOND });
    assert.throws(() => readTfjsWeights(manifest()), /float32/);
    writeFileSync(manifest(), '{"paths": []}');
    assert.throws(() => readTfjsWeights(manifest()), /list of weights.*weights\.json/s);
    writeFileSync(manifest(), 'no list');
    assert.throws(() => readTfjsWeights(manifest()), /JSON.*weights\.json/s);
    writeFileSync(manifest(), JSON.stringify([{ paths: ['gone.bin'], weights: [FLOATS] }]));
    assert.throws(() => readTfjsWeights(manifest()), /gone\.bin.*npm ci/s);
  });
});
