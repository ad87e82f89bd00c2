import assert from 'node:assert/strict';
import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { originDigest, StepRecord } from '../../src/datasets/step_record.js';
import { temporaryFolder } from '../support/folders.js';

const folder = temporaryFolder();

describe('the record of what files were made of', () => {
  it('knows them again, until they are gone or would be made of something else', async () => {
    const [input, output] = ['input', 'output'].map((name) => join(folder.path, name)) as [string, string];
    writeFileSync(input, 'a');
    writeFileSync(output, 'b');
    const origin = await originDigest({ noise: 1 }, [input]);
    const record = await StepRecord.open(folder.path);
    assert.equal(await record.has(['output'], origin), false);
    await record.note(['output'], origin);
    const again = await StepRecord.open(folder.path);
    assert.equal(await again.has(['output'], origin), true);
    assert.equal(await again.has(['output', 'other'], origin), false);
    assert.equal(await again.has(['output'], await originDigest({ noise: 2 }, [input])), false);
    utimesSync(input, 1, 1);
    assert.equal(await again.has(['output'], await originDigest({ noise: 1 }, [input])), false);
    rmSync(output);
    assert.equal(await again.has(['output'], origin), false);
  });

  it('that is damaged is as none', async () => {
    writeFileSync(join(folder.path, '.prepared.json'), '{"outp');
    assert.equal(await (await StepRecord.open(folder.path)).has(['output'], 'x'), false);
  });
});
