import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { duration, Progress } from '../src/progress.js';

/** What is written to the standard error stream meanwhile, as if it were a terminal of so many columns, or none. */
function written(columns: number | null, work: () => void): string {
  const { isTTY, columns: before } = process.stderr;
  let text = '';
  const write = mock.method(process.stderr, 'write', (part: string) => {
    text += part;
    return true;
  });
  Object.assign(process.stderr, { isTTY: columns !== null, columns });
  try {
    work();
  } finally {
    write.mock.restore();
    Object.assign(process.stderr, { isTTY, columns: before });
  }
  return text;
}

describe('progress', () => {
  it('is ten plain lines without a terminal, however many steps there are', () => {
    for (const steps of [10, 33, 5000]) {
      const text = written(null, () => {
        const progress = new Progress('step');
        for (let step = 1; step <= steps; step++) progress.update(step, steps, `loss ${step}`);
      });
      const lines = text.trimEnd().split('\n');
      assert.equal(lines.length, 10, text);
      assert.match(lines.at(-1)!, new RegExp(`^step ${steps}/${steps}, loss ${steps}, after 0 s$`));
    }
  });

  it('is a line a step where there are few', () => {
    const text = written(null, () => {
      const progress = new Progress('step');
      for (let step = 1; step <= 3; step++) progress.update(step, 3);
    });
    assert.equal(text.trimEnd().split('\n').length, 3);
  });

  it('fits into a terminal, says the time left first, and ends its line', () => {
    for (const columns of [0, 20, 80, 200]) {
      const text = written(columns, () => {
        const progress = new Progress('epoch');
        progress.update(0, 4, 'loss 1.2345, accuracy 0.500, validation 1.2345 / 0.500');
        progress.update(4, 4, 'loss 1.2345, accuracy 0.500, validation 1.2345 / 0.500');
      });
      const drawn = text.trimEnd().split('\r').slice(1);
      assert.equal(drawn.length, 2);
      for (const line of drawn) {
        const shown = line.replace('\u001b[2K', '');
        assert.ok(shown.length < (columns || 80), `${shown.length} of ${columns}`);
        assert.match(shown, /^[█░]{8,24} e/);
      }
      assert.match(drawn[1]!, /█{8} e/);
      assert.ok(text.endsWith('\n'));
    }
  });

  it('is nothing when silent', () => {
    assert.equal(
      written(null, () => new Progress('step', true).update(1, 1)),
      '',
    );
  });

  it('says times as people do', () => {
    assert.deepEqual([0.4, 59, 61, 3599, 3661, 90_000].map(duration), [
      '0 s',
      '59 s',
      '1 min 1 s',
      '59 min 59 s',
      '1 h 1 min',
      '25 h 0 min',
    ]);
  });
});
