import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FRAME_COLUMNS } from '../../src/analysis/frame_csv.js';
import { clipFiles, clipsMissing } from '../support/clips.js';
import { temporaryFolder } from '../support/folders.js';
import { pstbln } from '../support/pstbln_command.js';
import { codeBlocks, page, table } from './markdown.js';

const folder = temporaryFolder();

describe('docs/analyze.md', () => {
  it('has every column', () => {
    const documented = table(page('docs/analyze.md'), 'column').map(([column]) => column);
    assert.deepEqual(documented, [...FRAME_COLUMNS, 'mean_CLASS', 'std_CLASS']);
  });

  it('has every option that the node has too', () => {
    const { text } = page('docs/analyze.md');
    const { stdout } = pstbln(folder.path, 'analyze --help');
    for (const [option] of text.matchAll(/--[a-z][a-z-]+/g)) assert.ok(stdout.includes(option), option);
    for (const [option] of stdout.matchAll(/--[a-z][a-z-]+/g)) assert.ok(text.includes(option), option);
  });

  it('has commands that run on real clips', { skip: clipsMissing }, () => {
    const [two, one] = clipFiles('', '.gif') as [string, string];
    mkdirSync(join(folder.path, 'clips'));
    symlinkSync(one, join(folder.path, 'talk.mp4'));
    symlinkSync(one, join(folder.path, 'clips', 'one.gif'));
    symlinkSync(two, join(folder.path, 'clips', 'two.gif'));
    const lines = codeBlocks('sh')
      .flatMap(({ code }) => code.split('\n'))
      .filter((line) => line.startsWith('npx pstbln analyze '));
    assert.equal(lines.length, 4);
    for (const line of lines) {
      const { status, stderr } = pstbln(folder.path, line.replace('npx pstbln ', ''));
      assert.equal(status, 0, `${line}: ${stderr}`);
    }
    for (const file of ['talk.csv', 'talk.jsonl', 'talk_annotated.mp4', 'clips.csv', 'annotated/two.mp4']) {
      assert.ok(existsSync(join(folder.path, file)), file);
    }
    assert.match(readFileSync(join(folder.path, 'clips.csv'), 'utf8'), /^clips\/two\.gif,55,/m);
  });
});
