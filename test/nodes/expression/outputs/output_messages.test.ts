import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { detectionsMessage } from '../../../../src/nodes/expression/outputs/detection_output.js';
import { randomFaceId } from '../../../../src/nodes/expression/outputs/face_ids.js';
import {
  expressionMessage,
  landmarksMessage,
  regionMessage,
} from '../../../../src/nodes/expression/outputs/hri_messages.js';
import { markersMessage } from '../../../../src/nodes/expression/outputs/marker_output.js';
import { opendrMessages } from '../../../../src/nodes/expression/outputs/opendr_output.js';
import { CLASSES, expressedFace, imageExpressions } from '../../../support/image_expressions.js';

const header = { stamp: { sec: 1_800_000_000, nanosec: 5 }, frame_id: 'camera' };
const SIZE = { width: 640, height: 480 };
const near = expressedFace(3, { x: 320, y: 120, width: 160, height: 240 }, [0.125, 0.125, 0.75]);
const far = expressedFace(4, { x: 10, y: 20, width: 40, height: 50 }, [0.875, 0.0625, 0.0625]);
const young = expressedFace(5, { x: 10, y: 20, width: 400, height: 400 }, undefined);

describe('opendrMessages', () => {
  it('are about the largest face', () => {
    const expected = { category: { class_id: '2', score: 0.75 }, description: { data: 'Happy' } };
    assert.deepEqual(opendrMessages(imageExpressions(far, near), 0), expected);
    assert.deepEqual(opendrMessages(imageExpressions(near, far), 0), expected);
  });

  it('are not there where nothing is to be acted upon', () => {
    assert.equal(opendrMessages(imageExpressions(), 0), undefined);
    assert.equal(opendrMessages(imageExpressions(near), 0.8), undefined);
    assert.equal(opendrMessages(imageExpressions(near, young), 0), undefined);
  });
});

describe('detectionsMessage', () => {
  it('has the boxes by their centres, and all categories, the most probable first', () => {
    const { detections } = detectionsMessage(header, imageExpressions(near, young), CLASSES);
    assert.deepEqual(
      detections.map(({ id, bbox }) => ({ id, bbox })),
      [
        { id: '3', bbox: { center: { position: { x: 400, y: 240 }, theta: 0 }, size_x: 160, size_y: 240 } },
        { id: '5', bbox: { center: { position: { x: 210, y: 220 }, theta: 0 }, size_x: 400, size_y: 400 } },
      ],
    );
    assert.deepEqual(
      detections.map(({ results }) => results.map(({ hypothesis }) => hypothesis)),
      [
        [
          { class_id: 'Happy', score: 0.75 },
          { class_id: 'Angry', score: 0.125 },
          { class_id: 'Contempt', score: 0.125 },
        ],
        [],
      ],
    );
    assert.equal(detections[0]!.results[0]!.pose.covariance.length, 36);
  });
});

describe('markersMessage', () => {
  it('first takes away what was there, then draws each face in the plane of the image', () => {
    const { markers } = markersMessage(header, imageExpressions(near, far), 0);
    assert.deepEqual(markers[0], { header, action: 3 });
    assert.deepEqual(
      markers.slice(1).map(({ ns, id }) => `${ns} ${id}`),
      ['box 3', 'landmarks 3', 'category 3', 'box 4', 'landmarks 4', 'category 4'],
    );
    const [, box, landmarks, category] = markers;
    assert.deepEqual(box!.points![0], { x: 0, y: -0.1875, z: 1 });
    assert.deepEqual(box!.points![2], { x: 0.25, y: 0.1875, z: 1 });
    assert.equal(landmarks!.points!.length, 68);
    assert.equal(category!.text, '3  Happy 75 +/- 6 %');
    assert.ok(category!.pose!.position.y < box!.points![0]!.y, 'the text is above the box');
  });

  it('names nothing that is not sure', () => {
    const { markers } = markersMessage(header, imageExpressions(near, young), 0.8);
    const texts = markers.flatMap(({ text }) => (text === undefined ? [] : [text]));
    assert.deepEqual(texts, ['3  uncertain 75 +/- 6 %', '5  ...']);
  });
});

describe('messages of REP 155', () => {
  it('normalise boxes, and keep them in the image', () => {
    assert.deepEqual(regionMessage(header, near.box, SIZE), {
      header,
      xmin: 0.5,
      ymin: 0.25,
      xmax: 0.75,
      ymax: 0.75,
      c: 1,
    });
    const beyond = regionMessage(header, { x: -10, y: 400, width: 700, height: 100 }, SIZE);
    assert.deepEqual([beyond.xmin, beyond.xmax, beyond.ymax], [0, 1, 1]);
  });

  it('normalise landmarks, and put the pupils, which are not seen, amid the eyes', () => {
    const points = near.landmarks.slice();
    points.set([-64, 240], 0);
    for (let point = 36; point < 42; point++) points.set([64, 48], 2 * point);
    for (let point = 42; point < 48; point++) points.set([point < 45 ? 64 : 192, 96], 2 * point);
    const { landmarks, width, height } = landmarksMessage(header, points, SIZE);
    assert.deepEqual([landmarks.length, width, height], [70, 640, 480]);
    assert.deepEqual(landmarks[0], { x: 0, y: 0.5, c: 0 });
    assert.equal(landmarks[1]!.c, 1);
    const rounded = landmarks.slice(68).map(({ x, y, c }) => [x.toFixed(6), y.toFixed(6), c]);
    assert.deepEqual(rounded, [
      ['0.100000', '0.100000', 0],
      ['0.200000', '0.200000', 0],
    ]);
  });

  it('have the words of REP 155, and for contempt the next one with its own probability', () => {
    const said = (probabilities: [number, number, number] | undefined, minConfidence = 0) => {
      const { expression } = expressedFace(1, near.box, probabilities);
      const message = expressionMessage(header, expression, CLASSES, minConfidence);
      return message && [message.expression, message.confidence];
    };
    assert.deepEqual(said([0.125, 0.125, 0.75]), ['happy', 0.75]);
    assert.deepEqual(said([0.25, 0.625, 0.125]), ['angry', 0.25]);
    assert.equal(said([0.25, 0.625, 0.125], 0.7), undefined);
    assert.equal(said(undefined), undefined);
    const { expression } = expressedFace(1, near.box, [0.25, 0.5, 0.25]);
    assert.equal(expressionMessage(header, expression, ['Bored', 'Contempt', 'Other'], 0), undefined);
  });

  it('know faces by five letters that nobody else has', () => {
    const ids = new Set<string>();
    for (let face = 0; face < 1000; face++) ids.add(randomFaceId(ids));
    assert.equal(ids.size, 1000);
    for (const id of ids) assert.match(id, /^[a-z]{5}$/);
  });
});
