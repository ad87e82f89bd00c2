import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  durationOf,
  facialExpressionsMessage,
  secondsBetween,
  sensorImageOf,
  stampBefore,
  UNCERTAIN,
} from '../../src/nodes/messages.js';
import { packageRoot } from '../../src/package_root.js';

const header = { stamp: { sec: 1_800_000_000, nanosec: 100_000_001 }, frame_id: 'camera' };

const landmarks = Float32Array.from({ length: 136 }, (_, n) => n + 0.5);
const face = { trackId: 7, box: { x: 1, y: 2, width: 3, height: 4 }, landmarks, reliability: 0.9 };
const estimate = {
  category: 'Happy',
  categoryIndex: 1,
  confidence: 0.75,
  mean: Float32Array.of(0.25, 0.75),
  std: Float32Array.of(0.125, 0.0625),
  logits: Float32Array.of(0, 1),
  predictiveEntropy: 0.5,
  mutualInformation: 0.1,
  repeats: 100,
};

const context = { classes: ['Angry', 'Happy'], latencyMilliseconds: 30, minConfidence: 0 };

describe('facialExpressionsMessage', () => {
  it('has the header and no face for an image without one', () => {
    const expressions = {
      faces: [],
      perceptionMilliseconds: 9,
      decodingMilliseconds: 1,
      detectionMilliseconds: 2,
      width: 640,
      height: 480,
      inferenceMilliseconds: 0,
    };
    assert.deepEqual(facialExpressionsMessage(header, expressions, context), { header, faces: [] });
  });

  it('fills in every field of a face with an expression', () => {
    const expressions = {
      faces: [{ ...face, expression: { estimate, windowSpanSeconds: 1.000000002 } }],
      perceptionMilliseconds: 9,
      decodingMilliseconds: 1,
      detectionMilliseconds: 2,
      width: 640,
      height: 480,
      inferenceMilliseconds: 12,
    };
    const { faces } = facialExpressionsMessage(header, expressions, context);
    assert.deepEqual(faces, [
      {
        header,
        track_id: 7,
        category: 'Happy',
        category_index: 1,
        confidence: 0.75,
        classes: [
          { name: 'Angry', mean: 0.25, std: 0.125 },
          { name: 'Happy', mean: 0.75, std: 0.0625 },
        ],
        predictive_entropy: 0.5,
        mutual_information: 0.1,
        repeats: 100,
        box: { x: 1, y: 2, width: 3, height: 4 },
        landmarks: Array.from({ length: 68 }, (_, point) => ({ x: 2 * point + 0.5, y: 2 * point + 1.5 })),
        window_start: { sec: 1_799_999_999, nanosec: 99_999_999 },
        window_end: header.stamp,
        window_span: { sec: 1, nanosec: 2 },
        perception_ms: 9,
        inference_ms: 12,
        latency_ms: 30,
      },
    ]);
  });

  it('names no category that is less sure than is wanted, and tells all else', () => {
    const expressions = {
      faces: [{ ...face, expression: { estimate, windowSpanSeconds: 1 } }],
      perceptionMilliseconds: 9,
      decodingMilliseconds: 1,
      detectionMilliseconds: 2,
      width: 640,
      height: 480,
      inferenceMilliseconds: 12,
    };
    const told = (minConfidence: number) =>
      facialExpressionsMessage(header, expressions, { ...context, minConfidence }).faces[0]!;
    const sure = told(0.75);
    assert.deepEqual([sure.category, sure.category_index], ['Happy', 1]);
    assert.deepEqual(told(0.76), { ...sure, category: UNCERTAIN, category_index: -1 });
    assert.match(
      readFileSync(join(packageRoot(), 'msg', 'FacialExpression.msg'), 'utf8'),
      new RegExp(`^string UNCERTAIN=${UNCERTAIN}\\b`, 'm'),
    );
  });

  it('says that there is no expression yet while the window fills', () => {
    const expressions = {
      faces: [{ ...face, expression: undefined }],
      perceptionMilliseconds: 9,
      decodingMilliseconds: 1,
      detectionMilliseconds: 2,
      width: 640,
      height: 480,
      inferenceMilliseconds: 12,
    };
    const [message] = facialExpressionsMessage(header, expressions, context).faces;
    const { category, category_index, confidence, classes, repeats, inference_ms, window_span } = message!;
    assert.deepEqual(
      { category, category_index, confidence, classes, repeats, inference_ms, window_span },
      {
        category: '',
        category_index: -1,
        confidence: 0,
        classes: [],
        repeats: 0,
        inference_ms: 0,
        window_span: { sec: 0, nanosec: 0 },
      },
    );
  });
});

it("sensorImageOf takes the message's own bytes, and makes bytes of numbers", () => {
  const data = Uint8Array.of(1, 2, 3);
  const message = { header, height: 1, width: 1, encoding: 'rgb8', is_bigendian: 0, step: 3 };
  const image = sensorImageOf({ ...message, data });
  assert.equal(image.data, data);
  assert.deepEqual(image, { height: 1, width: 1, encoding: 'rgb8', isBigendian: 0, step: 3, bitDepth: 16, data });
  assert.deepEqual(sensorImageOf({ ...message, data: [1, 2, 3] }), image);
  assert.deepEqual(sensorImageOf({ ...message, data }, 12), { ...image, bitDepth: 12 });
});

describe('times', () => {
  for (const { earlier, later, seconds } of [
    { earlier: { sec: 5, nanosec: 0 }, later: { sec: 5, nanosec: 0 }, seconds: 0 },
    { earlier: { sec: 1_800_000_000, nanosec: 999_999_999 }, later: { sec: 1_800_000_001, nanosec: 0 }, seconds: 1e-9 },
    { earlier: { sec: 10, nanosec: 500_000_000 }, later: { sec: 12, nanosec: 250_000_000 }, seconds: 1.75 },
    { earlier: { sec: 10, nanosec: 0 }, later: { sec: 9, nanosec: 500_000_000 }, seconds: -0.5 },
  ]) {
    it(`${JSON.stringify(later)} is ${seconds} s after ${JSON.stringify(earlier)}`, () => {
      assert.ok(Math.abs(secondsBetween(earlier, later) - seconds) < 1e-10);
      assert.deepEqual(stampBefore(later, durationOf(seconds)), earlier);
    });
  }

  for (const { seconds, duration } of [
    { seconds: 0, duration: { sec: 0, nanosec: 0 } },
    { seconds: 1.5, duration: { sec: 1, nanosec: 500_000_000 } },
    { seconds: 0.9999999999, duration: { sec: 1, nanosec: 0 } },
    { seconds: -0.25, duration: { sec: -1, nanosec: 750_000_000 } },
  ]) {
    it(`${seconds} s is ${JSON.stringify(duration)}`, () => {
      assert.deepEqual(durationOf(seconds), duration);
    });
  }
});
