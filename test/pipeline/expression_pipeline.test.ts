import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { InvalidInputError } from '../../src/errors.js';
import { readModelAppearance } from '../../src/experiments/appearance/appearance_file.js';
import { ExpressionClassifier } from '../../src/learner/expression_classifier.js';
import { packageRoot } from '../../src/package_root.js';
import type { RgbImage } from '../../src/perception/image/rgb_image.js';
import { Perception } from '../../src/perception/perception.js';
import { ExpressionPipeline, type ImageExpressions } from '../../src/pipeline/expression_pipeline.js';
import { blankImage, clipFiles, clipsMissing, readFrames, sharedData } from '../support/clips.js';
import { UNTRAINED_AGES_SECONDS, UNTRAINED_CLASSES, writeUntrainedModel } from '../support/untrained_model.js';

const LONGEST_AGE_SECONDS = Math.max(...UNTRAINED_AGES_SECONDS);

const encoded = ({ data, width, height }: RgbImage) => ({
  encoding: 'rgb8',
  data,
  width,
  height,
  step: width * 3,
  isBigendian: 0,
});

describe('ExpressionPipeline', { skip: clipsMissing }, () => {
  let model: Awaited<ReturnType<typeof writeUntrainedModel>>;
  before(async () => {
    model = await writeUntrainedModel();
  });
  after(() => model.remove());

  async function load(settings = {}): Promise<ExpressionPipeline> {
    const classifier = await ExpressionClassifier.load({ ...model, device: 'cpu', threads: 1 });
    return new ExpressionPipeline(await Perception.load(), classifier, {
      mcdoRepeats: 10,
      seed: 3,
      maxFaces: 8,
      smoothingSeconds: 0,
      ...settings,
    });
  }

  async function run(pipeline: ExpressionPipeline, images: readonly RgbImage[], start = 0, framesPerSecond = 30) {
    const results: ImageExpressions[] = [];
    for (const [index, image] of images.entries()) {
      const processed = await pipeline.process(encoded(image), start + index / framesPerSecond, 'the test');
      results.push(processed.expressions);
    }
    return results;
  }

  it('gives an expression as soon as the window is full, and then for every image', async () => {
    const pipeline = await load();
    assert.deepEqual(pipeline.classes, UNTRAINED_CLASSES);
    const results = await run(pipeline, readFrames(clipFiles('asl', '.mkv')[0]!, 40));
    const { reliability } = results.at(-1)!.faces[0]!;
    assert.ok(reliability > 0.5 && reliability <= 1, `${reliability}`);
    // The whole image is searched in the first image and in every tenth after it.
    const searched = results.flatMap(({ detectionMilliseconds }, index) => (detectionMilliseconds > 0 ? [index] : []));
    assert.deepEqual(searched, [0, 10, 20, 30]);
    results.forEach(({ faces, perceptionMilliseconds, inferenceMilliseconds, ...parts }, index) => {
      assert.equal(faces.length, 1);
      const { expression } = faces[0]!;
      assert.equal(expression !== undefined, index >= LONGEST_AGE_SECONDS * 30 - 1, `image ${index}`);
      assert.ok(parts.decodingMilliseconds >= 0);
      assert.ok(perceptionMilliseconds > parts.decodingMilliseconds + parts.detectionMilliseconds);
      assert.equal(inferenceMilliseconds > 0, expression !== undefined);
      if (!expression) return;
      const { estimate, windowSpanSeconds } = expression;
      assert.ok(Math.abs(windowSpanSeconds - LONGEST_AGE_SECONDS) < 0.04);
      assert.equal(estimate.category, UNTRAINED_CLASSES[estimate.categoryIndex]);
      assert.equal(estimate.repeats, 10);
      assert.ok(Math.abs(estimate.mean.reduce((sum, value) => sum + value) - 1) < 1e-5);
      assert.ok(estimate.std.some((value) => value > 0));
    });
    await pipeline.release();
  });

  it('classifies each of two faces by its own window', async () => {
    const frames = readFrames(join(sharedData, 'video', 'head-pose-face-detection-female-and-male.gif'), 14);
    const pipeline = await load({ mcdoRepeats: 0 });
    const { faces } = (await run(pipeline, frames, 0, 12)).at(-1)!;
    assert.deepEqual(
      faces.map(({ trackId }) => trackId),
      [1, 2],
    );
    const [first, second] = faces.map(({ expression }) => [...expression!.estimate.mean]);
    assert.notDeepEqual(first, second);
    await pipeline.release();
  });

  it('answers the same again with the same seed', async () => {
    const frames = readFrames(clipFiles('asl', '.mkv')[0]!, 22);
    const means: number[][] = [];
    for (const seed of [3, 3, 4]) {
      const pipeline = await load({ seed });
      means.push([...(await run(pipeline, frames)).at(-1)!.faces[0]!.expression!.estimate.mean]);
      await pipeline.release();
    }
    assert.deepEqual(means[0], means[1]);
    assert.notDeepEqual(means[0], means[2]);
  });

  it('takes other settings while it runs', async () => {
    const frames = readFrames(clipFiles('asl', '.mkv')[0]!, 24);
    const pipeline = await load();
    await run(pipeline, frames.slice(0, 22));
    pipeline.set({ mcdoRepeats: 0, seed: undefined, maxFaces: 8, smoothingSeconds: 0 });
    const { estimate } = (await run(pipeline, frames.slice(22), 22 / 30)).at(-1)!.faces[0]!.expression!;
    assert.equal(estimate.repeats, 0);
    assert.ok(estimate.std.every((value) => value === 0));
    await pipeline.release();
  });

  it('goes by pixels too, for a model that counts them, unless it is told not to', async () => {
    const frames = readFrames(clipFiles('asl', '.mkv')[0]!, 22);
    const weighing = await writeUntrainedModel(
      'displacement',
      await readModelAppearance(
        { classifier: join(packageRoot(), 'models', 'appearance.json'), landmarks_power: 0.5 },
        ['Happy', 'Neutral'],
      ),
    );
    const open = ({ directory, name }: typeof model) =>
      ExpressionClassifier.load({ directory, name, device: 'cpu', threads: 1 });
    const neutralOf = async (pipeline: ExpressionPipeline, images: readonly RgbImage[], start = 0) => {
      const { faces } = (await run(pipeline, images, start)).at(-1)!;
      return faces[0]!.expression!.estimate.mean[UNTRAINED_CLASSES.indexOf('Neutral')]!;
    };
    const pipeline = await load({ mcdoRepeats: 0, neutralOdds: 1 });
    const alone = await neutralOf(pipeline, frames);
    await pipeline.replaceClassifier(await open(weighing));
    pipeline.reset();
    const both = await neutralOf(pipeline, frames);
    // The signer of the clip rests.
    assert.ok(both > alone + 0.02, `${alone} alone, ${both} with pixels`);
    pipeline.set({ mcdoRepeats: 0, neutralOdds: 1, appearance: false, seed: 3, maxFaces: 8, smoothingSeconds: 0 });
    pipeline.reset();
    assert.ok(Math.abs((await neutralOf(pipeline, frames)) - alone) < 1e-4);
    await pipeline.release();
    await weighing.remove();
  });

  it('starts a window anew when a face comes back as another track, or the recording starts over', async () => {
    const frames = readFrames(clipFiles('asl', '.mkv')[0]!, 30);
    const pipeline = await load();
    await run(pipeline, frames);
    await run(pipeline, new Array(15).fill(blankImage(640, 480, 90)), 1);
    const back = await run(pipeline, frames, 1.5);
    assert.equal(back[0]!.faces[0]!.trackId, 2);
    assert.equal(back[10]!.faces[0]!.expression, undefined);
    assert.ok(back[25]!.faces[0]!.expression);
    const again = await run(pipeline, frames, 0);
    assert.equal(again[10]!.faces[0]!.expression, undefined);
    assert.ok(again[25]!.faces[0]!.expression);
    await pipeline.release();
  });

  it('forgets every face when it is reset', async () => {
    const frames = readFrames(clipFiles('asl', '.mkv')[0]!, 24);
    const pipeline = await load();
    const first = await run(pipeline, frames);
    pipeline.reset();
    // Stamps that go on would leave a window full.
    const second = await run(pipeline, frames, 24 / 30);
    assert.equal(second[0]!.faces[0]!.trackId, 1);
    assert.equal(second[10]!.faces[0]!.expression, undefined);
    const { mean } = second.at(-1)!.faces[0]!.expression!.estimate;
    first.at(-1)!.faces[0]!.expression!.estimate.mean.forEach((value, i) => {
      assert.ok(Math.abs(value - mean[i]!) < 1e-4, `${value} ${mean[i]}`);
    });
    await pipeline.release();
  });

  it('goes on after an image that it refuses', async () => {
    const [frame] = readFrames(clipFiles('asl', '.mkv')[0]!, 1);
    const pipeline = await load();
    const bad = { ...encoded(frame!), encoding: 'jpeg' };
    await assert.rejects(pipeline.process(bad, 0, 'the image on /image'), InvalidInputError);
    assert.equal((await run(pipeline, [frame!, frame!])).at(-1)!.faces.length, 1);
    await pipeline.release();
  });
});
