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
