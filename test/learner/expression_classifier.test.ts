import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { InvalidInputError } from '../../src/errors.js';
import { readNetworkModel, writeOptimizedModel } from '../../src/learner/checkpoint/model_directory.js';
import { ExpressionClassifier } from '../../src/learner/expression_classifier.js';
import { exportedGraphBytes } from '../../src/learner/onnx/export_graph.js';
import { LANDMARKS } from '../../src/perception/landmarks/dlib_landmarks.js';
import { normalValues, relativeDifference } from '../support/networks.js';
import { schematicFace } from '../support/schematic_face.js';
import { UNTRAINED_AGES_SECONDS, UNTRAINED_EXTRACTOR, writeUntrainedModel } from '../support/untrained_model.js';

describe('an optimized model', () => {
  for (const constantFolding of [false, true]) {
    it(`classifies as the one that it was made of, ${constantFolding ? 'folded' : 'not folded'}`, async () => {
      const { directory, name, remove } = await writeUntrainedModel();
      const model = await readNetworkModel(directory, name);
      const bytes = await exportedGraphBytes(model.state, model.params, { constantFolding });
      await writeOptimizedModel(directory, 'optimized', bytes, model.params, {});
      const windows = normalValues(2 * UNTRAINED_AGES_SECONDS.length * LANDMARKS * 2, 3);
      const [original, optimized] = await Promise.all(
        [name, 'optimized'].map(async (which) => {
          const classifier = await ExpressionClassifier.load({ directory, name: which, device: 'cpu', threads: 1 });
          const answers = [
            ...(await classifier.classify(windows, 2, { mcdoRepeats: 0 })),
            ...(await classifier.classify(windows, 2, { mcdoRepeats: 20, seed: 1 })),
          ];
          await classifier.release();
          return answers.flatMap(({ logits, mean, std }) => [...logits, ...mean, ...std]);
        }),
      );
      assert.ok(relativeDifference(optimized!, original!) < 1e-5);
      await remove();
    });
  }
});

describe('adaptive repeats', () => {
  let model: Awaited<ReturnType<typeof writeUntrainedModel>>;
  let classifier: ExpressionClassifier;
  before(async () => {
    model = await writeUntrainedModel();
    classifier = await ExpressionClassifier.load({ ...model, device: 'cpu', threads: 1 });
  });
  after(async () => {
    await classifier.release();
    await model.remove();
  });
  const size = UNTRAINED_AGES_SECONDS.length * LANDMARKS * 2;

  it('are all, with the same answer, where a category cannot be settled', async () => {
    const window = normalValues(size, 3);
    // As many as are drawn before the first look: more would get other masks.
    const options = { mcdoRepeats: 10, seed: 1, neutralOdds: [3], reliabilities: [0.5], unseenNeutralOdds: 4 };
    const [plain] = await classifier.classify(window, 1, options);
    const [adaptive] = await classifier.classify(window, 1, { ...options, errorProbability: 1e-300 });
    assert.equal(adaptive!.repeats, 10);
    for (const key of ['mean', 'std', 'logits'] as const) {
      assert.ok(relativeDifference([...adaptive![key]], [...plain![key]]) < 1e-5, key);
    }
  });

  it('are fewer where the odds settle it, for each window by itself', async () => {
    const windows = normalValues(2 * size, 4);
    // An odd so large that only one category is left: ten looks would do.
    const options = { mcdoRepeats: 500, seed: 1, errorProbability: 0.05, neutralOdds: [1e6, 1e6] };
    const known = classifier.classes.includes('Neutral');
    const [sure, unsure] = await classifier.classify(windows, 2, { ...options, reliabilities: [1, 0] });
    assert.ok(known && sure!.category === 'Neutral' && sure!.repeats <= 50, `${sure!.category} ${sure!.repeats}`);
    assert.equal(unsure!.repeats, 500);
  });

  it('refuse a probability that is none', async () => {
    const wrong = { mcdoRepeats: 5, errorProbability: 1 };
    await assert.rejects(
      classifier.classify(normalValues(size, 3), 1, wrong),
      /errorProbability is 1, expected a number from 0/,
    );
  });
});

describe('a model that compares with a reference face', () => {
  let model: Awaited<ReturnType<typeof writeUntrainedModel>>;
  before(async () => {
    model = await writeUntrainedModel('displacement_from_reference');
  });
  after(() => model.remove());

  const faceSize = 2 * LANDMARKS;
  const face = (seed: number) =>
    normalValues(faceSize, seed).map((value, i) => 200 + 100 * schematicFace()[i]! + value);
  const frames = 2 * UNTRAINED_AGES_SECONDS.length;
  const twoWindows = Float32Array.from(Array.from({ length: frames }, (_, i) => [...face(i)]).flat());
  const passes = { mcdoRepeats: 0 } as const;
  const load = (landmarkExtractor?: string) =>
    ExpressionClassifier.load({
      ...{ directory: model.directory, name: model.name, device: 'cpu', threads: 1 },
      ...(landmarkExtractor === undefined ? {} : { landmarkExtractor }),
    });

  it('has to be told what finds the landmarks', async () => {
    await assert.rejects(load(), (error) => {
      assert.ok(error instanceof InvalidInputError);
      assert.match(
        error.message,
        /the landmark extractor is null, expected one that the model was trained for: face_api/,
      );
      return true;
    });
  });

  it('takes the points of an extractor that it does not know for those of the nearest', async () => {
    const [known, unknown] = await Promise.all([UNTRAINED_EXTRACTOR, 'dlib'].map(load));
    assert.deepEqual(unknown!.extractorFace, known!.extractorFace);
    const [expected, answers] = await Promise.all(
      [known!, unknown!].map((each) => each.classify(twoWindows, 2, passes)),
    );
    assert.deepEqual(answers, expected);
    await Promise.all([known!.release(), unknown!.release()]);
  });

  it("compares each window with its own reference face, and with the extractor's mean one for null", async () => {
    const classifier = await load(UNTRAINED_EXTRACTOR);
    const own = classifier.alignment.align(face(40));
    const byMean = await classifier.classify(twoWindows, 2, passes);
    const byOwn = await classifier.classify(twoWindows, 2, { ...passes, referenceFaces: [own, own] });
    const mixed = await classifier.classify(twoWindows, 2, { ...passes, referenceFaces: [null, own] });
    const byFace = await classifier.classify(twoWindows, 2, {
      ...passes,
      referenceFaces: [classifier.extractorFace, classifier.extractorFace],
    });
    assert.deepEqual(byFace, byMean);
    assert.notDeepEqual(byOwn[0]!.logits, byMean[0]!.logits);
    assert.deepEqual(mixed, [byMean[0], byOwn[1]]);
    await assert.rejects(
      classifier.classify(twoWindows, 2, { ...passes, referenceFaces: [own] }),
      /the number of referenceFaces is 1, expected 2/,
    );
    for (const reliabilities of [[1], [1, 1.5], [1, Number.NaN]]) {
      await assert.rejects(
        classifier.classify(twoWindows, 2, { ...passes, reliabilities }),
        (error) => error instanceof InvalidInputError && /reliabilities.*2 numbers from 0 to 1/.test(error.message),
      );
      await assert.rejects(
        classifier.classify(twoWindows, 2, { ...passes, referenceWeights: reliabilities }),
        (error) => error instanceof InvalidInputError && /referenceWeights.*2 numbers from 0 to 1/.test(error.message),
      );
    }
    for (const unseenNeutralOdds of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await assert.rejects(
        classifier.classify(twoWindows, 2, { ...passes, unseenNeutralOdds }),
        (error) => error instanceof InvalidInputError && /unseenNeutralOdds.*a number above 0/.test(error.message),
      );
    }
    await classifier.release();
  });
});

describe('a model that compares with the first frame of a window', () => {
  it('needs no extractor, has no face of it, and refuses a reference face', async () => {
    const { directory, name, remove } = await writeUntrainedModel();
    const classifier = await ExpressionClassifier.load({ directory, name, device: 'cpu', threads: 1 });
    assert.equal(classifier.extractorFace, null);
    const window = normalValues(UNTRAINED_AGES_SECONDS.length * LANDMARKS * 2, 3);
    const face = Float32Array.from(schematicFace());
    await assert.rejects(
      classifier.classify(window, 1, { mcdoRepeats: 0, referenceFaces: [face] }),
      (error) => error instanceof InvalidInputError && /representation is "displacement"/.test(error.message),
    );
    const [plain] = await classifier.classify(window, 1, { mcdoRepeats: 0 });
    const [withNull] = await classifier.classify(window, 1, { mcdoRepeats: 0, referenceFaces: [null] });
    assert.deepEqual(withNull, plain);
    await classifier.release();
    await remove();
  });
});
