import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ownAnswers, type Reference } from '../../bench/live_references.js';
import { madeTracks, shareRight } from '../../bench/live_tracks.js';
import { DEFAULT_MODEL, modelLocation } from '../../src/learner/checkpoint/model_location.js';
import { ExpressionClassifier } from '../../src/learner/expression_classifier.js';
import { DRAWN_EXPRESSIONS, drawnFace } from '../support/faces.js';

/** A drawn expression at its apex. */
function drawn(category: string): Float32Array {
  const face = drawnFace();
  return face.map((value, i) => {
    const point = i - (i % 2);
    return value + DRAWN_EXPRESSIONS[category]!(face[point]!, face[point + 1]!, point / 2)[i % 2]!;
  });
}

describe('ownAnswers', () => {
  let classifier: ExpressionClassifier;
  before(async () => {
    const place = modelLocation(DEFAULT_MODEL);
    classifier = await ExpressionClassifier.load({ ...place, device: 'cpu', landmarkExtractor: 'dlib' });
  });
  after(() => classifier.release());

  const track = (...faces: readonly Float32Array[]) =>
    faces
      .flatMap((landmarks) => Array.from({ length: 12 }, () => landmarks))
      .map((landmarks, image) => ({ stampSeconds: image / 10, face: { trackId: 1, landmarks }, trackIds: [1] }));
  const lastMeans = async (seen: ReturnType<typeof track>, reference: Reference) =>
    [...(await ownAnswers(seen, classifier, reference)).at(-1)!.estimate!.mean].map((value) => Math.round(value * 1e3));

  it('compares with what it says', async () => {
    const [happy, surprise] = [track(drawn('Happy')), track(drawn('Surprise'))];
    // A face that stays is no change from its beginning, nor from a second ago, whatever it shows.
    for (const reference of ['beginning', 'second_ago'] as const) {
      assert.deepEqual(await lastMeans(happy, reference), await lastMeans(surprise, reference), reference);
    }
    for (const reference of ['mean', 'running'] as const) {
      assert.notDeepEqual(await lastMeans(happy, reference), await lastMeans(surprise, reference), reference);
    }
    // After more than a second the change is forgotten, but the beginning is not.
    const both = track(drawn('Happy'), drawn('Surprise'));
    assert.deepEqual(await lastMeans(both, 'second_ago'), await lastMeans(surprise, 'second_ago'));
    assert.notDeepEqual(await lastMeans(both, 'beginning'), await lastMeans(surprise, 'beginning'));
  });

  it('has no answer while a window fills, and where no face is seen', async () => {
    const seen = track(drawnFace()).map((image, i) => (i === 8 ? { ...image, face: undefined } : image));
    const answered = (await ownAnswers(seen, classifier, 'mean')).map(({ estimate }) => estimate !== undefined);
    assert.equal(answered[0], false);
    assert.equal(answered[8], false);
    assert.ok(answered[5] && answered[11]);
  });

  it('tells by stage what is named right on tracks made of sequences', async () => {
    const sequence = (category: string, faces: readonly Float32Array[]) => ({
      ...{ subject: 'S', category, path: 'S', frameNumbers: [0, 1] },
      landmarks: Float32Array.from(faces.flatMap((face) => [...face])),
    });
    const sequences = [
      sequence('Surprise', [drawnFace(), drawn('Surprise')]),
      sequence('Contempt', [drawnFace(), drawn('Happy')]),
      { ...sequence('Happy', [drawn('Happy'), drawn('Happy')]), frameNumbers: [1, 2] },
    ];
    const made = madeTracks(sequences, classifier.classes);
    assert.deepEqual(
      made.map(({ category }) => category),
      ['Surprise'],
    );
    assert.deepEqual(made[0]!.apex, drawn('Surprise'));
    const shares = await shareRight(made, classifier, 'beginning');
    assert.deepEqual(Object.keys(shares), ['first apex', 'rest', 'second apex']);
    // Compared with itself, the first apex shows nothing.
    assert.equal(shares['first apex'], 0);
    for (const share of Object.values(shares)) assert.ok(share >= 0 && share <= 1);
  });
});
