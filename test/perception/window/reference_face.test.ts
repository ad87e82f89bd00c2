import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import {
  frontality,
  RunningReferenceFace,
  type RunningReferenceFaceOptions,
} from '../../../src/perception/window/reference_face.js';
import { schematicFace } from '../../support/schematic_face.js';

const MEAN = Float32Array.from(schematicFace());
/** Broader brows and a longer mouth than the mean. */
const OWN = MEAN.map((value, index) => (index >= 96 || (index >= 34 && index < 54) ? value + 0.05 : value));
const SMILE = OWN.map((value, index) => (index >= 96 ? value - 0.1 : value));

/** How far from the mean face to the own one a reference is, 0 to 1. */
function share(face: Float32Array): number {
  return (face[100]! - MEAN[100]!) / (OWN[100]! - MEAN[100]!);
}

/** Shows a face for some seconds. */
function show(
  reference: RunningReferenceFace,
  face: Float32Array,
  {
    from,
    to,
    neutral,
    rate = 30,
    speed = 0,
  }: { from: number; to: number; neutral: number; rate?: number; speed?: number },
): void {
  const frames = Math.round((to - from) * rate);
  for (let frame = 0; frame <= frames; frame++) {
    reference.update(from + frame / rate, face, neutral, neutral, speed);
  }
}

function started(options: RunningReferenceFaceOptions = {}): RunningReferenceFace {
  return new RunningReferenceFace(MEAN, options);
}

describe('RunningReferenceFace', () => {
  it("is the extractor's face at first", () => {
    const reference = started();
    assert.deepEqual(reference.face, MEAN);
    assert.equal(reference.weight, 0);
    reference.update(3, OWN, 1, 1, 0);
    assert.deepEqual(reference.face, MEAN);
  });

  it('is half way to the own face after the seconds set, at any rate of images', () => {
    for (const rate of [5, 15, 60]) {
      const reference = started({ halfWaySeconds: 2 });
      show(reference, OWN, { from: 10, to: 12, neutral: 1, rate });
      assert.ok(Math.abs(reference.weight - 0.5) < 1e-6, `${rate} images a second: ${reference.weight}`);
      assert.ok(Math.abs(share(reference.face) - 0.5) < 1e-4);
    }
  });

  it('takes little from a smile that was there first, and finds the own face when it rests', () => {
    const reference = started();
    show(reference, SMILE, { from: 0, to: 10, neutral: 0.01 });
    const moved = Math.abs(reference.face[100]! - MEAN[100]!);
    assert.ok(moved < 0.4 * Math.abs(SMILE[100]! - MEAN[100]!), `${moved}`);
    show(reference, OWN, { from: 10, to: 16, neutral: 0.9 });
    assert.ok(share(reference.face) > 0.6, `${share(reference.face)}`);
  });

  it('learns a neutral face that looks like an expression, as it stays', () => {
    const reference = started();
    show(reference, OWN, { from: 0, to: 20, neutral: 0.2 });
    assert.ok(share(reference.face) > 0.8, `${share(reference.face)}`);
  });

  it('takes next to nothing from faces that move or are turned', () => {
    const moving = started();
    show(moving, OWN, { from: 0, to: 5, neutral: 1, speed: 0.8 });
    assert.ok(moving.weight < 0.01, `${moving.weight}`);
    const turned = OWN.slice();
    turned[60]! += 0.3;
    const away = started();
    show(away, turned, { from: 0, to: 5, neutral: 1 });
    assert.ok(away.weight < 0.01, `${away.weight}`);
  });

  it('forgets slowly, so that a face that changes for good is learned anew', () => {
    const reference = started({ memorySeconds: 5 });
    show(reference, SMILE, { from: 0, to: 60, neutral: 1 });
    show(reference, OWN, { from: 60, to: 90, neutral: 1 });
    assert.ok(share(reference.face) > 0.8, `${share(reference.face)}`);
  });

  it('does not count time that it saw nothing of', () => {
    const reference = started();
    show(reference, OWN, { from: 0, to: 1, neutral: 1 });
    const { weight } = reference;
    reference.update(9, OWN, 1, 1, 0);
    reference.update(2, OWN, 1, 1, 0);
    reference.update(2, OWN, 1, 1, 0);
    assert.equal(reference.weight, weight);
  });

  it('refuses what is no stamp, probability or speed, and unknown options', () => {
    const reference = started();
    for (const [arguments_, thing] of [
      [[Number.NaN, 1, 1, 0], 'stampSeconds'],
      [[0, 1.5, 1, 0], 'byExtractor'],
      [[0, 1, Number.NaN, 0], 'byReference'],
      [[0, 1, 1, -1], 'speed'],
    ] as const) {
      const [stamp, byExtractor, byReference, speed] = arguments_;
      assert.throws(
        () => reference.update(stamp, OWN, byExtractor, byReference, speed),
        (error: Error) => error instanceof InvalidInputError && error.message.includes(thing),
      );
    }
    assert.throws(() => started({ halfWaySeconds: 0 }), /halfWaySeconds/);
    assert.throws(() => started({ half: 1 } as RunningReferenceFaceOptions), /half/);
  });
});

describe('frontality', () => {
  it('is 1 for a frontal face and falls as the nose moves to a side', () => {
    assert.equal(frontality(MEAN, MEAN), 1);
    const values = [0.05, 0.1, 0.2].map((offset) => {
      const face = MEAN.slice();
      face[60]! += offset;
      return frontality(face, MEAN);
    });
    assert.ok(values[0]! < 1 && values[1]! < values[0]! && values[2]! < 0.05, `${values}`);
  });
});
