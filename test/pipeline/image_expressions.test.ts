import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ExpressionClassifier } from '../../src/learner/expression_classifier.js';
import type { RgbImage } from '../../src/perception/image/rgb_image.js';
import { Perception } from '../../src/perception/perception.js';
import { ExpressionPipeline, type ImageExpressions } from '../../src/pipeline/expression_pipeline.js';
import { expressionsOfImages } from '../../src/pipeline/image_expressions.js';
import { clipFiles, clipsMissing, readFrames } from '../support/clips.js';
import { writeUntrainedModel } from '../support/untrained_model.js';

describe('expressionsOfImages', { skip: clipsMissing }, () => {
  let model: Awaited<ReturnType<typeof writeUntrainedModel>>;
  let pipeline: ExpressionPipeline;
  let frames: readonly RgbImage[];
  before(async () => {
    model = await writeUntrainedModel();
    frames = readFrames(clipFiles('asl', '.mkv')[0]!, 30);
    pipeline = new ExpressionPipeline(
      await Perception.load(),
      await ExpressionClassifier.load({ ...model, device: 'cpu', threads: 1 }),
      { mcdoRepeats: 5, seed: 1, maxFaces: 8, smoothingSeconds: 0.25 },
    );
  });
  after(async () => {
    await pipeline.release();
    await model.remove();
  });

  async function* images(failAt = Number.POSITIVE_INFINITY) {
    for (const [index, image] of frames.entries()) {
      if (index === failAt) throw new Error('no more');
      yield { image, stampSeconds: index / 30, index };
    }
  }

  it('answers as one image after another does, each with what came with it', async () => {
    pipeline.reset();
    const expected: ImageExpressions[] = [];
    for await (const { image, stampSeconds } of images()) {
      expected.push(await pipeline.classify(await pipeline.perceive(image, stampSeconds), stampSeconds));
    }
    pipeline.reset();
    let count = 0;
    for await (const { index, expressions } of expressionsOfImages(pipeline, images())) {
      assert.equal(index, count);
      assert.deepEqual(expressions.faces, expected[count++]!.faces);
    }
    assert.equal(count, frames.length);
    assert.ok(expected.at(-1)!.faces[0]!.expression);
  });

  it('hands on what the images throw, after the answers before it', async () => {
    pipeline.reset();
    let count = 0;
    const read = async () => {
      for await (const _ of expressionsOfImages(pipeline, images(6))) count++;
    };
    await assert.rejects(read, /no more/);
    assert.ok(count >= 5, `${count}`);
  });

  it('can be left', async () => {
    pipeline.reset();
    for await (const _ of expressionsOfImages(pipeline, images())) break;
    pipeline.reset();
    for await (const { expressions } of expressionsOfImages(pipeline, images())) {
      assert.equal(expressions.faces[0]!.trackId, 1);
      break;
    }
  });
});
