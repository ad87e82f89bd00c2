import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LostImages } from '../../../src/nodes/expression/lost_images.js';

describe('LostImages', () => {
  it('counts the numbers that a publisher leaves out, from its first image that arrives on', () => {
    const lost = new LostImages();
    for (const sequence of [7n, 8n, 9n]) lost.arrived('camera', sequence);
    assert.equal(lost.count, 0);
    for (const sequence of [12n, 13n, 20n]) lost.arrived('camera', sequence);
    assert.equal(lost.count, 2 + 6);
  });

  it('tells publishers apart', () => {
    const lost = new LostImages();
    lost.arrived('camera', 1000n);
    lost.arrived('other', 1n);
    lost.arrived('camera', 1001n);
    lost.arrived('other', 3n);
    assert.equal(lost.count, 1);
  });

  it('takes back what comes late', () => {
    const lost = new LostImages();
    for (const sequence of [1n, 4n, 2n, 5n]) lost.arrived('camera', sequence);
    assert.equal(lost.count, 1);
  });

  it('counts nothing where the middleware gives no numbers', () => {
    const lost = new LostImages();
    for (let image = 0; image < 5; image++) lost.arrived('camera', -1n);
    assert.equal(lost.count, 0);
  });

  it('remembers a camera while others come and go', () => {
    const lost = new LostImages();
    for (let guest = 0; guest < 1000; guest++) {
      lost.arrived('camera', BigInt(2 * guest + 1));
      lost.arrived(`guest ${guest}`, 1n);
    }
    assert.equal(lost.count, 999);
  });
});
