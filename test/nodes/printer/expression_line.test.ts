import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FacialExpressionMessage } from '../../../src/nodes/messages.js';
import { expressionLine } from '../../../src/nodes/printer/expression_line.js';

const header = { stamp: { sec: 1_800_000_000, nanosec: 45_678_900 }, frame_id: 'camera' };

function face(overrides: Partial<FacialExpressionMessage>): FacialExpressionMessage {
  return {
    header,
    track_id: 1,
    category: 'Happy',
    category_index: 1,
    confidence: 0.8,
    classes: [
      { name: 'Surprise', mean: 0.2, std: 0.1 },
      { name: 'Happy', mean: 0.8, std: 0.07 },
    ],
    predictive_entropy: 0.5,
    mutual_information: 0.1,
    repeats: 100,
    box: { x: 0, y: 0, width: 1, height: 1 },
    landmarks: [],
    window_start: header.stamp,
    window_end: header.stamp,
    window_span: { sec: 1, nanosec: 0 },
    perception_ms: 10,
    inference_ms: 10,
    latency_ms: 33.4,
    ...overrides,
  };
}

describe('expressionLine', () => {
  for (const { name, faces, expected } of [
    { name: 'no face', faces: [], expected: 'no face' },
    {
      name: 'a face whose window fills',
      faces: [face({ category: '', classes: [] })],
      expected: 'face 1  watching it',
    },
    {
      name: 'a face with an expression',
      faces: [face({})],
      expected: 'face 1  Happy    ████████████████····  80 ±  7 %  entropy 0.50   33 ms',
    },
    {
      name: 'full confidence',
      faces: [face({ confidence: 1, latency_ms: 250 })],
      expected: 'face 1  Happy    ████████████████████ 100 ±  7 %  entropy 0.50  250 ms',
    },
    {
      name: 'a part of a character',
      faces: [face({ confidence: 0.03 })],
      expected: 'face 1  Happy    ▋···················   3 ±  7 %  entropy 0.50   33 ms',
    },
    {
      name: 'two faces',
      faces: [face({}), face({ track_id: 4, category: '', classes: [] })],
      expected: 'face 1  Happy    ████████████████····  80 ±  7 %  entropy 0.50   33 ms   face 4  watching it',
    },
  ]) {
    it(`tells of ${name}`, () => {
      const [time, ...rest] = expressionLine({ header, faces }).split('  ');
      assert.match(time!, /^\d\d:\d\d:00\.045$/);
      assert.equal(rest.join('  '), expected);
    });
  }
});
