import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ExpressionClassifier } from '../../src/learner/expression_classifier.js';
import { ExpressionTracks, type TrackExpression } from '../../src/learner/expression_tracks.js';
import { schematicFace } from '../support/schematic_face.js';
import { UNTRAINED_AGES_SECONDS, UNTRAINED_EXTRACTOR, writeUntrainedModel } from '../support/untrained_model.js';

const LONGEST_AGE_SECONDS = Math.max(...UNTRAINED_AGES_SECONDS);
const OPTIONS = { mcdoRepeats: 4, seed: 3, smoothingSeconds: 0, neutralOdds: 1 };

/** A face of 100 pixels between the eyes whose mouth is opened by a part of that. */
const face = (open = 0): Float32Array =>
  Float32Array.from(
    schematicFace(),
    (value, index) => 300 + 100 * (value + (index % 2 === 1 && index > 110 ? open : 0)),
  );

describe('ExpressionTracks', () => {
  let model: Awaited<ReturnType<typeof writeUntrainedModel>>;
  let classifier: ExpressionClassifier;
  before(async () => {
    model = await writeUntrainedModel('displacement_from_reference');
    const run = { device: 'cpu', threads: 1, landmarkExtractor: UNTRAINED_EXTRACTOR } as const;
    classifier = await ExpressionClassifier.load({ ...model, ...run });
  });
  after(async () => {
    await classifier.release();
    await model.remove();
  });

  /** Shows one face at 20 images a second; the answers. */
  async function show(tracks: ExpressionTracks, seconds: number, options = OPTIONS, open = 0.1) {
    const answers: (TrackExpression | undefined)[] = [];
    for (let frame = 0; frame <= Math.round(seconds * 20); frame++) {
      answers.push(...(await tracks.update(frame / 20, [{ trackId: 1, landmarks: face(open) }], options)));
    }
    return answers;
  }

  it('answers as soon as the window is full', async () => {
    const answers = await show(new ExpressionTracks(classifier), 2);
    answers.forEach((answer, frame) => {
      assert.equal(answer !== undefined, frame / 20 >= LONGEST_AGE_SECONDS - 0.051, `image ${frame}`);
    });
    assert.ok(Math.abs(answers.at(-1)!.windowSpanSeconds - LONGEST_AGE_SECONDS) < 1e-6);
  });

  it('draws fewer repeats for an image where the images share them', async () => {
    const sharing = { mcdoRepeats: 50, smoothingSeconds: 0.25, seed: undefined, shareRepeats: true };
    type Options = Parameters<ExpressionTracks['update']>[2];
    /** The repeats that are drawn for each answer, with a second face from image 15 on, and those that it tells of. */
    const repeats = async (options: Options) => {
      const drawn: number[] = [];
      const told = new Set<number>();
      const counting = Object.create(classifier, {
        classify: {
          value: (...[windows, count, how]: Parameters<ExpressionClassifier['classify']>) => {
            if (how.mcdoRepeats > 0) drawn.push(how.mcdoRepeats);
            return classifier.classify(windows, count, how);
          },
        },
      });
      const tracks = new ExpressionTracks(counting);
      for (let frame = 0; frame <= 30; frame++) {
        const faces = [1, 2].slice(0, frame < 15 ? 1 : 2);
        const shown = faces.map((trackId) => ({ trackId, landmarks: face(0.1 * trackId) }));
        for (const answer of await tracks.update(frame / 20, shown, options)) {
          if (answer) told.add(answer.estimate.repeats);
        }
      }
      return { drawn, told: [...told] };
    };
    const { drawn, told } = await repeats(sharing);
    assert.deepEqual(told, [50], 'as precise as all of them');
    // Of whom nothing is known yet, all are drawn.
    assert.deepEqual(drawn.flatMap((count, answer) => (count === 50 ? [answer] : [])).length, 2);
    assert.equal(drawn[0], 50);
    assert.deepEqual([...new Set(drawn)], [50, 25]);
    for (const changes of [{ seed: 1 }, { smoothingSeconds: 0 }, { shareRepeats: false }]) {
      assert.deepEqual([...new Set((await repeats({ ...sharing, ...changes })).drawn)], [50], JSON.stringify(changes));
    }
  });

  it('reckons with faces that rest more often than those of training data, unless told not to', async () => {
    const { neutralOdds: _, ...usual } = OPTIONS;
    const last = async (options: Parameters<ExpressionTracks['update']>[2]) => {
      const tracks = new ExpressionTracks(classifier);
      let answer: TrackExpression | undefined;
      for (let frame = 0; frame <= 20; frame++) {
        [answer] = await tracks.update(frame / 20, [{ trackId: 1, landmarks: face(0.1) }], options);
      }
      return answer!.estimate.mean[classifier.classes.indexOf('Neutral')]!;
    };
    assert.ok((await last(usual)) > (await last(OPTIONS)));
    await assert.rejects(last({ ...usual, neutralOdds: 0 }), /neutralOdds is 0, expected a number above 0/);
  });

  it('reckons with rest the more, the less is known of the own face', async () => {
    const oddsAfter = async (frames: number, neutralOdds: number) => {
      const tracks = new ExpressionTracks(classifier);
      const answers = await show(tracks, frames / 20, { ...OPTIONS, mcdoRepeats: 0, neutralOdds });
      const neutral = answers.at(-1)!.estimate.mean[classifier.classes.indexOf('Neutral')]!;
      return { odds: neutral / (1 - neutral), weight: tracks.referenceWeight(1)! };
    };
    const first = Math.round(LONGEST_AGE_SECONDS * 20) + 1;
    const unknown = { usual: await oddsAfter(first, 2), alone: await oddsAfter(first, 1) };
    assert.ok(unknown.usual.weight < 0.1, `${unknown.usual.weight}`);
    assert.ok(unknown.usual.odds / unknown.alone.odds > 3.6, 'first answer');
    const known = { usual: await oddsAfter(400, 2), alone: await oddsAfter(400, 1) };
    assert.ok(known.usual.weight > 0.5, `${known.usual.weight}`);
    assert.ok(known.usual.odds / known.alone.odds < 3, 'after 20 s');
  });

  it('reckons with rest more where pixels are seen, and a model goes by them', async () => {
    const weights = [0, 1].map(() => new Array<number>(256).fill(0));
    const telling = { classes: ['Neutral', 'Happy'], weights, bias: [0, 0] };
    const seeing = await writeUntrainedModel('displacement_from_reference', {
      classifier: telling,
      landmarks_power: 1,
    });
    const run = { device: 'cpu', threads: 1, landmarkExtractor: UNTRAINED_EXTRACTOR } as const;
    const byPixels = await ExpressionClassifier.load({ ...seeing, ...run });
    const oddsOf = async (of: ExpressionClassifier, neutralOdds: number) => {
      const tracks = new ExpressionTracks(of);
      const appearance = new Float32Array(256).fill(1);
      let answer: TrackExpression | undefined;
      for (let frame = 0; frame <= LONGEST_AGE_SECONDS * 20; frame++) {
        const faces = [{ trackId: 1, landmarks: face(0.1), appearance }];
        [answer] = await tracks.update(frame / 20, faces, { ...OPTIONS, mcdoRepeats: 0, neutralOdds });
      }
      const neutral = answer!.estimate.mean[of.classes.indexOf('Neutral')]!;
      return neutral / (1 - neutral);
    };
    // Pixels that tell nothing leave the answer as it is.
    assert.ok(Math.abs((await oddsOf(byPixels, 1)) / (await oddsOf(classifier, 1)) - 1) < 1e-3);
    const gain = async (of: ExpressionClassifier) => (await oddsOf(of, 2)) / (await oddsOf(of, 1));
    const [alone, both] = [await gain(classifier), await gain(byPixels)];
    assert.ok(both > 1.8 * alone, `${alone} by landmarks alone, ${both} with pixels`);
    await byPixels.release();
    await seeing.remove();
  });

  it("learns the person's own face by what is shown, whatever the odds of Neutral are", async () => {
    const weightFor = async (neutralOdds: number) => {
      const tracks = new ExpressionTracks(classifier);
      for (let frame = 0; frame <= 40; frame++) {
        const shown = { trackId: 1, landmarks: face(0.1), reliability: 0.7 };
        await tracks.update(frame / 20, [shown], { ...OPTIONS, neutralOdds });
      }
      return tracks.referenceWeight(1)!;
    };
    const [plain, more] = [await weightFor(1), await weightFor(20)];
    assert.ok(plain > 0.1 && Math.abs(more - plain) < 0.02, `${plain} with odds of 1, ${more} with 20`);
  });

  it('is less certain of a face that is not to be believed', async () => {
    const answersFor = async (reliability: number | undefined, neutralOdds = 2) => {
      const tracks = new ExpressionTracks(classifier);
      let answer: TrackExpression | undefined;
      for (let frame = 0; frame <= 20; frame++) {
        const shown = { trackId: 1, landmarks: face(0.1), ...(reliability === undefined ? {} : { reliability }) };
        [answer] = await tracks.update(frame / 20, [shown], { ...OPTIONS, neutralOdds });
      }
      return answer!.estimate;
    };
    const whole = await answersFor(undefined);
    assert.deepEqual(await answersFor(1), whole);
    const none = await answersFor(0);
    assert.ok(none.predictiveEntropy > whole.predictiveEntropy);
    // Of a face that cannot be seen it is known only that faces rest more often than they show any one expression.
    const neutral = classifier.classes.indexOf('Neutral');
    none.mean.forEach((probability, k) => {
      assert.ok(Math.abs(probability - (k === neutral ? 2 : 1) / (classifier.classes.length + 1)) < 1e-6);
    });
    assert.equal(none.category, 'Neutral');
    const asTrained = await answersFor(0, 1);
    assert.ok(asTrained.mean.every((probability) => Math.abs(probability - 1 / classifier.classes.length) < 1e-6));
  });

  it("compares with the extractor's face at first and with the person's own in time", async () => {
    const tracks = new ExpressionTracks(classifier);
    const answers = await show(tracks, 30);
    const window = Float32Array.from({ length: 3 * 136 }, (_, index) => face(0.1)[index % 136]!);
    const own = classifier.alignment.align(face(0.1));
    const passes = { mcdoRepeats: OPTIONS.mcdoRepeats, seed: OPTIONS.seed };
    const [byMean] = await classifier.classify(window, 1, passes);
    const [byOwn] = await classifier.classify(window, 1, { ...passes, referenceFaces: [own] });
    const first = answers.find((answer) => answer !== undefined)!;
    assert.deepEqual(first.estimate.mean, byMean!.mean);
    const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((value, index) => value - b[index]!));
    const last = answers.at(-1)!.estimate.mean;
    assert.ok(tracks.referenceWeight(1)! > 0.5, `${tracks.referenceWeight(1)}`);
    assert.ok(distance(last, byOwn!.mean) < 0.5 * distance(byMean!.mean, byOwn!.mean));
  });

  it('keeps tracks apart, also of faces in one image, and forgets those that ended', async () => {
    const alone = await show(new ExpressionTracks(classifier), 1, { ...OPTIONS, mcdoRepeats: 0 });
    const tracks = new ExpressionTracks(classifier);
    for (let frame = 0; frame <= 20; frame++) {
      const faces = [
        { trackId: 7, landmarks: face(0) },
        { trackId: 1, landmarks: face(0.1) },
      ];
      const answers = await tracks.update(frame / 20, faces, { ...OPTIONS, mcdoRepeats: 0 });
      answers[1]?.estimate.mean.forEach((value, index) => {
        assert.ok(Math.abs(value - alone[frame]!.estimate.mean[index]!) < 1e-5);
      });
    }
    tracks.keep([7]);
    assert.equal(tracks.referenceWeight(1), undefined);
    assert.notEqual(tracks.referenceWeight(7), undefined);
    assert.deepEqual(await tracks.update(1.05, [{ trackId: 1, landmarks: face() }], OPTIONS), [undefined]);
    assert.deepEqual(await tracks.update(1.1, [], OPTIONS), []);
  });

  it('follows no reference face for a model that compares with none', async () => {
    const plain = await writeUntrainedModel();
    const other = await ExpressionClassifier.load({ ...plain, device: 'cpu', threads: 1 });
    try {
      const tracks = new ExpressionTracks(other);
      assert.ok((await show(tracks, 1)).at(-1));
      assert.equal(tracks.referenceWeight(1), undefined);
    } finally {
      await other.release();
      await plain.remove();
    }
  });
});
