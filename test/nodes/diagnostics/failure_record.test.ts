import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FailureRecord } from '../../../src/nodes/diagnostics/failure_record.js';

describe('FailureRecord', () => {
  it('tells what went wrong last, how often, and how long ago', () => {
    let time = 0;
    const failures = new FailureRecord(() => time);
    assert.deepEqual([failures.count, failures.last, failures.secondsSince], [0, undefined, Infinity]);
    failures.note('a callback failed');
    time = 2500;
    failures.note('another one');
    assert.deepEqual([failures.count, failures.last?.message, failures.secondsSince], [2, 'another one', 0]);
    time = 4000;
    assert.equal(failures.secondsSince, 1.5);
    assert.equal(failures.halt, undefined);
  });

  it('keeps what has stopped the node until it goes on, whatever else goes wrong', () => {
    const failures = new FailureRecord();
    failures.stop('no model');
    failures.note('a callback failed');
    assert.equal(failures.halt, 'no model');
    assert.equal(failures.isOver, false);
    failures.resume();
    assert.equal(failures.isOver, true);
    assert.deepEqual([failures.halt, failures.count, failures.last?.message], [undefined, 2, 'a callback failed']);
  });
});
