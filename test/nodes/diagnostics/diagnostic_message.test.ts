import assert from 'node:assert/strict';
import { it } from 'node:test';
import { diagnosticArray } from '../../../src/nodes/diagnostics/diagnostic_message.js';

it('diagnosticArray names parts by their node, and writes values as text', () => {
  const stamp = { sec: 3, nanosec: 5 };
  const status = {
    part: 'images',
    level: 'WARN',
    message: 'slow',
    values: { 'rate (Hz)': 12.3456, on: true, of: 'a' },
  };
  assert.deepEqual(diagnosticArray(stamp, '/robot/expression_node', 'cpu', [{ ...status, level: 'WARN' }]), {
    header: { stamp, frame_id: '' },
    status: [
      {
        level: 1,
        name: 'robot/expression_node: images',
        message: 'slow',
        hardware_id: 'cpu',
        values: [
          { key: 'rate (Hz)', value: '12.35' },
          { key: 'on', value: 'true' },
          { key: 'of', value: 'a' },
        ],
      },
    ],
  });
});
