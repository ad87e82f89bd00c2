import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AnalysedFrame } from '../../src/analysis/frame_rows.js';
import { RecordingTally, summaryLines } from '../../src/analysis/track_summary.js';

const face = (trackId: number, category?: string) => ({
  trackId,
  box: { x: 0, y: 0, width: 1, height: 1 },
  landmarks: new Float32Array(136),
  reliability: 1,
  expression:
    category === undefined
      ? undefined
      : {
          windowSpanSeconds: 0.2,
          estimate: {
            category,
            categoryIndex: 0,
            confidence: 1,
            logits: new Float32Array(1),
            mean: new Float32Array(1),
            std: new Float32Array(1),
            predictiveEntropy: 0,
            mutualInformation: 0,
            repeats: 1,
          },
        },
});

function summaryOf(frames: readonly (readonly [seconds: number, faces: AnalysedFrame['faces']])[]) {
  const tally = new RecordingTally('clip.mp4');
  for (const [index, [timeSeconds, faces]] of frames.entries()) {
    tally.add({ video: 'clip.mp4', frame: index, timeSeconds, faces });
  }
  return tally.summary();
}

describe('RecordingTally', () => {
  it('counts each frame for as long as it is shown, the last one as the one before', () => {
    const summary = summaryOf([
      [0, [face(1)]],
      [0.5, [face(1, 'Happy')]],
      [0.75, []],
      [2, [face(2, 'Sad'), face(1, 'Sad')]],
      [2.1, [face(1, 'Happy')]],
    ]);
    assert.deepEqual(summary, {
      video: 'clip.mp4',
      frames: 5,
      frames_without_a_face: 1,
      seconds: 2.2,
      tracks: [
        {
          track_id: 1,
          frames: 4,
          first_seconds: 0,
          last_seconds: 2.1,
          seconds: 0.95,
          categories: { Happy: 0.35, Sad: 0.1 },
        },
        { track_id: 2, frames: 1, first_seconds: 2, last_seconds: 2, seconds: 0.1, categories: { Sad: 0.1 } },
      ],
    });
    assert.deepEqual(summaryLines(summary), [
      'clip.mp4: 5 frames, 1 without a face, 2.2 s',
      '  face 1, seen for 0.9 s from 0.0 s on: Happy 0.3 s, Sad 0.1 s',
      '  face 2, seen for 0.1 s from 2.0 s on: Sad 0.1 s',
    ]);
  });

  it('takes recordings of one frame and of none', () => {
    assert.equal(summaryOf([]).frames, 0);
    const one = summaryOf([[0, [face(1)]]]);
    assert.deepEqual([one.frames, one.seconds, one.tracks[0]!.categories], [1, 0, {}]);
    assert.match(summaryLines(one)[1]!, /not watched for long enough/);
  });
});
