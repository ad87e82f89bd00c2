import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { EXPRESSION_PARAMETERS } from '../../../src/nodes/expression/expression_parameters.js';
import { checkParameter } from '../../../src/nodes/parameters/parameter_spec.js';

const ORIGIN = 'the parameters given to /expression_node';

describe('checkParameter', () => {
  for (const { name, value, expected } of [
    { name: 'mcdo_repeats', value: 0n, expected: 0 },
    { name: 'mcdo_repeats', value: 1000n, expected: 1000 },
    { name: 'seed', value: -1n, expected: -1 },
    { name: 'neutral_odds', value: 2.5, expected: 2.5 },
    { name: 'neutral_odds', value: 1n, expected: 1 },
    { name: 'detector_size', value: 416n, expected: 416 },
    { name: 'seed', value: 2147483647n, expected: 2147483647 },
    { name: 'max_faces', value: 1n, expected: 1 },
    { name: 'device', value: 'cpu', expected: 'cpu' },
    { name: 'landmark_extractor', value: 'face_api', expected: 'face_api' },
    { name: 'landmark_extractor', value: 'dlib', expected: 'dlib' },
    { name: 'shape_predictor', value: 'folder/shape_predictor.dat', expected: 'folder/shape_predictor.dat' },
    { name: 'landmark_smoothing', value: true, expected: true },
    { name: 'model', value: 'folder/name', expected: 'folder/name' },
    { name: 'reliability', value: 'best_effort', expected: 'best_effort' },
    ...['/opendr/face_2', 'mood', 'robot/mood', '~/mood'].map((topic) => ({
      ...{ name: 'opendr_category_topic', value: topic, expected: topic },
    })),
  ]) {
    it(`takes ${value} for ${name}`, () => {
      assert.equal(checkParameter(EXPRESSION_PARAMETERS, name, value, ORIGIN), expected);
    });
  }

  for (const { name, value, words } of [
    { name: 'mcdo_repeats', value: -1n, words: 'mcdo_repeats is -1, expected an integer from 0 to 1000' },
    { name: 'mcdo_repeats', value: 1001n, words: 'mcdo_repeats is 1001, expected an integer from 0 to 1000' },
    { name: 'mcdo_repeats', value: 2.5, words: 'mcdo_repeats is 2.5, expected an integer from 0 to 1000' },
    { name: 'mcdo_repeats', value: 'many', words: 'mcdo_repeats is "many", expected an integer from 0 to 1000' },
    { name: 'max_faces', value: 0n, words: 'max_faces is 0, expected an integer from 1 to 64' },
    { name: 'neutral_odds', value: 0, words: 'neutral_odds is 0, expected a number from 0.01 to 100' },
    { name: 'neutral_odds', value: Number.NaN, words: 'neutral_odds is NaN, expected a number from 0.01 to 100' },
    { name: 'min_confidence', value: 'high', words: 'min_confidence is "high", expected a number from 0 to 1' },
    {
      name: 'detector_size',
      value: 400n,
      words: 'detector_size is 400, expected an integer from 96 to 1024 in steps of 32',
    },
    { name: 'device', value: 'tpu', words: 'device is "tpu", expected one of auto, cpu, cuda, webgpu' },
    { name: 'device', value: 1n, words: 'device is 1, expected one of auto, cpu, cuda, webgpu' },
    { name: 'model', value: '', words: 'model is "", expected a text that is not empty' },
    { name: 'model', value: 5n, words: 'model is 5, expected a text that is not empty' },
    { name: 'landmark_extractor', value: 'kinect', words: 'landmark_extractor is "kinect", expected one of face_mesh' },
    ...['', '/', 'a mood', '/mood/', '2/moods', '~mood', 'a//b'].map((topic) => ({
      ...{ name: 'opendr_category_topic', value: topic },
      words: `opendr_category_topic is "${topic}", expected the name of a topic`,
    })),
    { name: 'landmark_smoothing', value: 1n, words: 'landmark_smoothing is 1, expected true or false' },
    { name: 'thr', value: 1n, words: 'thr is 1, expected a parameter: autostart, model, device' },
  ]) {
    it(`refuses ${value} for ${name}`, () => {
      assert.throws(
        () => checkParameter(EXPRESSION_PARAMETERS, name, value, ORIGIN),
        (error) =>
          error instanceof InvalidInputError && error.message.startsWith(words) && error.message.includes(ORIGIN),
      );
    });
  }
});

describe('EXPRESSION_PARAMETERS', () => {
  for (const [name, { defaultValue, description }] of Object.entries(EXPRESSION_PARAMETERS)) {
    it(`describes ${name}, whose default is allowed`, () => {
      assert.ok(description.length > 30 && description.endsWith('.'));
      assert.equal(checkParameter(EXPRESSION_PARAMETERS, name, defaultValue, ORIGIN), defaultValue);
    });
  }
});
