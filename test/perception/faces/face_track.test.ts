import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FaceTrack, type TrackRules } from '../../../src/perception/faces/face_track.js';
import { cropAround } from '../../../src/perception/landmarks/landmarks68.js';

const RULES: TrackRules = {
  confirmScore: 0.4,
  confirmFrames: 2,
  certainScore: 0.6,
  keepScore: 0.25,
  maxMissedFrames: 3,
};
const BOX = { x: 100, y: 100, width: 80, height: 80 };

/** Sends scores through a track, one an image; the state after each: hidden, visible or ended. */
function states(scores: readonly number[]): string[] {
  const track = new FaceTrack(BOX);
  let id = 0;
  return scores.map((score) => {
    if (track.judge(score, RULES, () => ++id)) track.follow(face(140, 140));
    else track.miss();
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

  it('takes the first crop from the landmarks and then follows with some inertia', () => {
    const track = new FaceTrack(BOX);
    track.follow(face(140, 140));
    assert.deepEqual(track.square, cropAround(face(140, 140)));
    track.follow(face(150, 140, 90));
    const target = cropAround(face(150, 140, 90));
    assert.ok(track.square.centerX > 143 && track.square.centerX < target.centerX);
    assert.ok(track.square.side > cropAround(face(140, 140)).side && track.square.side < target.side);
    for (let image = 0; image < 30; image++) track.follow(face(150, 140, 90));
    assert.ok(Math.abs(track.square.side - target.side) < 0.1);
    assert.ok(Math.abs(track.square.centerX - target.centerX) < 0.1);
  });

  it('turns the short way round', () => {
    const track = new FaceTrack(BOX);
    const upsideDown = (sign: number) => {
      const landmarks = face(140, 140);
      for (let point = 36; point < 48; point++) {
        landmarks.set([140 + (point < 42 ? 12 : -12), 140 + (point < 42 ? -sign : sign)], 2 * point);
      }
      return landmarks;
    };
    track.follow(upsideDown(1));
    track.follow(upsideDown(-1));
    assert.ok(Math.abs(track.square.roll) > 3, `rolled to ${track.square.roll}`);
  });

  for (const { name, landmarks, doubtful } of [
    { name: 'the same place', landmarks: face(140, 140), doubtful: false },
    { name: 'a little aside', landmarks: face(146, 137), doubtful: false },
    { name: 'far aside', landmarks: face(190, 140), doubtful: true },
    { name: 'twice as large', landmarks: face(140, 140, 120), doubtful: true },
    { name: 'half as large', landmarks: face(140, 140, 30), doubtful: true },
    { name: 'one point', landmarks: new Float32Array(136).fill(140), doubtful: true },
    { name: 'not numbers', landmarks: new Float32Array(136).fill(Number.NaN), doubtful: true },
  ]) {
    it(`finds landmarks at ${name} ${doubtful ? 'doubtful' : 'likely'}`, () => {
      const track = new FaceTrack(BOX);
      track.follow(face(140, 140));
      assert.equal(track.isDoubtful(landmarks), doubtful);
    });
  }

  it('has a box like the detector, around the landmarks', () => {
    const track = new FaceTrack(BOX);
    assert.deepEqual(roundBox(track.box), BOX);
    track.follow(face(140, 140));
    const { x, width } = track.box;
    assert.ok(Math.abs(x + width / 2 - 140) < 0.5 && width > 60 && width < 90);
  });
});

function roundBox({ x, y, width, height }: typeof BOX) {
  return { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
}
