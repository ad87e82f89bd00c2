import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { associate } from '../../../src/perception/faces/associate.js';

const face = (x: number, y = 0, size = 10) => ({ x, y, width: size, height: size });
const track = (x: number, reach = 0.5) => ({ box: face(x), reach });

describe('associate', () => {
  for (const { name, tracks, detections, expected } of [
    { name: 'nothing', tracks: [], detections: [], expected: [] },
    { name: 'a face without a track', tracks: [], detections: [face(0)], expected: [-1] },
    { name: 'a track without a face', tracks: [track(0)], detections: [], expected: [] },
    {
      name: 'two faces in another order',
      tracks: [track(0), track(50)],
      detections: [face(51), face(1)],
      expected: [1, 0],
    },
    { name: 'the nearest of two faces', tracks: [track(0)], detections: [face(3), face(1)], expected: [-1, 0] },
    { name: 'the nearest of two tracks', tracks: [track(0), track(4)], detections: [face(3)], expected: [1] },
    { name: 'a face that is too far', tracks: [track(0)], detections: [face(9)], expected: [-1] },
    { name: 'a lost face within reach', tracks: [track(0, 1.5)], detections: [face(14)], expected: [0] },
    { name: 'a lost face out of reach', tracks: [track(0, 1.5)], detections: [face(16)], expected: [-1] },
    { name: 'a face seen twice', tracks: [track(0)], detections: [face(0), face(0)], expected: [0, -1] },
    { name: 'a track held twice', tracks: [track(0), track(0)], detections: [face(0)], expected: [0] },
  ]) {
    it(`assigns ${name}`, () => {
      assert.deepEqual(associate(tracks, detections), expected);
    });
  }

  it('gives the nearest pair first even if another pair then gets nothing', () => {
    assert.deepEqual(associate([track(0), track(6, 0.2)], [face(4)]), [1]);
  });
});
