import assert from 'node:assert/strict';
import { it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import {
  DETECTOR_ANCHORS,
  DETECTOR_BOX_VALUES,
  DETECTOR_INPUT_SIZE,
  openFaceDetectorNetwork,
} from '../../../src/perception/mediapipe/face_detector_network.js';
import { blankImage } from '../../support/clips.js';
import { facesMissing, middleSquare, readFaces, squareInput } from '../../support/face_inputs.js';

it('scores faces high and a grey image low', { skip: facesMissing }, async () => {
  const network = await openFaceDetectorNetwork({ threads: 1 });
  const best = async (image: ReturnType<typeof blankImage>) => {
    const input = squareInput(image, middleSquare(image), DETECTOR_INPUT_SIZE, [-1, 1]);
    const { boxes, scores } = await network.run(input);
    assert.equal(boxes.length, DETECTOR_ANCHORS * DETECTOR_BOX_VALUES);
    assert.equal(scores.length, DETECTOR_ANCHORS);
    return Math.max(...scores);
  };
  for (const { name, image } of readFaces()) assert.ok((await best(image)) > 0, name);
  assert.ok((await best(blankImage(64, 64, 128))) < -2);
  await network.release();
});

it('refuses an input of another size', async () => {
  const network = await openFaceDetectorNetwork({ threads: 1 });
  await assert.rejects(network.run(new Float32Array(127 * 128 * 3)), InvalidInputError);
  await network.release();
});
