import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FaceTrack, type TrackRules } from '../../../src/perception/faces/face_track.js';

const RULES: TrackRules = { likely: 0.4, certain: 0.6, keep: 0.25, maxMissedFrames: 3 };
const BOX = { x: 100, y: 100, width: 80, height: 80 };
const SQUARE = { centerX: 140, centerY: 140, side: 100, roll: 0 };

/** What an extractor gives for a face at the place of BOX. */
const found = (score: number) => ({ landmarks: face(140, 140), mesh: undefined, score, square: SQUARE });

/** Sends scores through a track, one an image; the state after each: hidden, visible or ended. */
function states(scores: readonly number[]): string[] {
  const track = new FaceTrack({ box: BOX, square: SQUARE });
  let id = 0;
  return scores.map((score) => {
    track.see(found(score), RULES, () => ++id);
    if (track.hasEnded(RULES)) return 'ended';
    return track.visible ? `visible ${track.id}` : 'hidden';
  });
}

/** Landmarks of a face of 60 pixels about (x, y). */
function face(x: number, y: number, size = 60): Float32Array {
  const landmarks = new Float32Array(136);
  for (let point = 0; point < 68; point++) {
    const angle = (point / 17) * Math.PI;
    landmarks.set([x - (size / 2) * Math.cos(angle), y + (size / 2) * Math.sin(angle)], 2 * point);
  }
  for (let point = 36; point < 48; point++) {
    landmarks.set([x + (point < 42 ? -size / 5 : size / 5), y - size / 8], 2 * point);
  }
  return landmarks;
}

describe('FaceTrack', () => {
  for (const { name, scores, expected } of [
    { name: 'a face that is certain appears at once', scores: [0.7], expected: ['visible 1'] },
    { name: 'a likely face appears after two images', scores: [0.5, 0.5], expected: ['hidden', 'visible 1'] },
    { name: 'a doubtful one never does', scores: [0.5, 0.3], expected: ['hidden', 'ended'] },
    { name: 'what is no face ends at once', scores: [0.1], expected: ['ended'] },
    {
      name: 'a face may score lower later',
      scores: [0.7, 0.3, 0.3],
      expected: ['visible 1', 'visible 1', 'visible 1'],
    },
    {
      name: 'a face that is hidden for a moment keeps its id',
      scores: [0.7, 0.1, 0.1, 0.1, 0.5],
      expected: ['visible 1', 'hidden', 'hidden', 'hidden', 'visible 1'],
    },
    {
      name: 'a face that stays away leaves',
      scores: [0.7, 0, 0, 0, 0],
      expected: ['visible 1', 'hidden', 'hidden', 'hidden', 'ended'],
    },
  ]) {
    it(name, () => {
      assert.deepEqual(states(scores), expected);
    });
  }

  it('looks where its face will be, and where it was while that is missed', () => {
    const track = new FaceTrack({ box: BOX, square: SQUARE });
    assert.equal(track.square, SQUARE);
    const next = { ...SQUARE, centerX: 150 };
    track.see({ ...found(0.9), square: next }, RULES, () => 1);
    assert.equal(track.square, next);
    track.see(found(0.1), RULES, () => 2);
    assert.equal(track.square, next);
    track.moveTo({ box: { ...BOX, x: 300 }, square: SQUARE });
    assert.equal(track.square, SQUARE);
    assert.equal(track.box.x, 300);
    track.see(found(0.3), RULES, () => 2);
    assert.ok(track.visible && track.id === 1);
  });

  it('takes a score that is not a number for no face', () => {
    const track = new FaceTrack({ box: BOX, square: SQUARE });
    track.see(found(Number.NaN), RULES, () => 1);
    assert.ok(track.hasEnded(RULES));
  });

  it('has the detector’s box, then one like it around the landmarks', () => {
    const track = new FaceTrack({ box: BOX, square: SQUARE });
    assert.deepEqual(track.box, BOX);
    track.see(found(0.9), RULES, () => 1);
    const { x, width } = track.box;
    assert.ok(Math.abs(x + width / 2 - 140) < 0.5 && width > 60 && width < 90);
  });
});
