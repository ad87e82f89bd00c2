import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Throttle } from '../../src/nodes/throttle.js';

it('Throttle lets a kind through once an interval and counts what it held back', () => {
  let milliseconds = 0;
  const throttle = new Throttle(5, () => milliseconds);
  const logged: string[] = [];
  const send = (kind: string) => throttle.run(kind, (held) => logged.push(`${kind} ${held}`));
  send('a');
  send('a');
  send('b');
  milliseconds = 4999;
  send('a');
  assert.deepEqual(logged, ['a 0', 'b 0']);
  milliseconds = 5000;
  send('a');
  send('a');
  milliseconds = 10000;
  send('a');
  send('b');
  assert.deepEqual(logged, ['a 0', 'b 0', 'a 2', 'a 1', 'b 0']);
});

it('Throttle lets no more through, and keeps no more, however many kinds there are', () => {
  let now = 0;
  const throttle = new Throttle(5, () => now);
  const heard: string[] = [];
  const runAll = (prefix: string) => {
    for (let kind = 0; kind < 1000; kind++) throttle.run(`${prefix}${kind}`, () => heard.push(`${prefix}${kind}`));
  };
  runAll('a');
  assert.equal(heard.length, 21);
  now = 5000;
  runAll('b');
  assert.equal(heard.length, 42);
  assert.equal(heard[21], 'b0');
});
