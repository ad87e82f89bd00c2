import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import rclnodejs from 'rclnodejs';
import { messageSerializer } from '../../../src/nodes/cdr/message_serializer.js';
import { ROS_DOMAIN, rosMissing } from '../../support/ros_processes.js';

const stamp = { sec: -3, nanosec: 999_999_999 };
const header = { stamp, frame_id: 'Kamera über der Tür' };

const face = (landmarks = 68) => ({
  header,
  track_id: 4_000_000_000,
  category: 'Happy',
  category_index: -1,
  confidence: 0.1,
  classes: ['Happy', 'Sad', ''].map((name, index) => ({ name, mean: index / 3, std: 0.5 })),
  predictive_entropy: 1.5,
  mutual_information: Number.NaN,
  repeats: 100,
  box: { x: -1.5, y: 2, width: 3, height: 1e9 },
  landmarks: Array.from({ length: landmarks }, (_, index) => ({ x: index / 7, y: -index })),
  window_start: stamp,
  window_end: stamp,
  window_span: { sec: 0, nanosec: 1 },
  perception_ms: 1,
  inference_ms: 2,
  latency_ms: 3,
});

/** Messages of all kinds of fields. */
const MESSAGES: readonly { readonly what: string; readonly type: string; readonly message: object }[] = [
  {
    what: 'structures in structures',
    type: 'facial_expression_recognition/msg/FacialExpressions',
    message: { header, faces: [face(), face()] },
  },
  {
    what: 'an empty sequence',
    type: 'facial_expression_recognition/msg/FacialExpressions',
    message: { header, faces: [] },
  },
  {
    what: 'bytes',
    type: 'sensor_msgs/msg/Image',
    message: {
      header,
      height: 1,
      width: 5,
      encoding: 'mono8',
      is_bigendian: 0,
      step: 5,
      data: Uint8Array.of(1, 2, 3, 4, 5),
    },
  },
  {
    what: 'fixed arrays of numbers of 8 bytes',
    type: 'sensor_msgs/msg/CameraInfo',
    message: {
      header,
      height: 480,
      width: 640,
      distortion_model: 'plumb_bob',
      d: [0.1, -0.2, 0, 0, 1e-9],
      k: [1, 2, 3, 4, 5, 6, 7, 8, 9],
      r: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      p: Array.from({ length: 12 }, (_, index) => index),
      binning_x: 0,
      binning_y: 2,
      roi: { x_offset: 1, y_offset: 2, height: 3, width: 4, do_rectify: true },
    },
  },
  {
    what: 'a byte, and strings',
    type: 'diagnostic_msgs/msg/DiagnosticArray',
    message: {
      header,
      status: [{ level: 2, name: 'n', message: '', hardware_id: 'cpu', values: [{ key: 'k', value: 'v' }] }],
    },
  },
  { what: 'a string alone', type: 'std_msgs/msg/String', message: { data: 'x'.repeat(5000) } },
  { what: 'an integer of 8 bytes', type: 'std_msgs/msg/Int64', message: { data: -(2n ** 60n) } },
  { what: 'integers of 2 bytes', type: 'std_msgs/msg/Int16', message: { data: -12_345 } },
  { what: 'fields that are left out', type: 'visualization_msgs/msg/Marker', message: { ns: 'faces', id: 7 } },
];

describe('messageSerializer', { skip: rosMissing }, () => {
  let node: rclnodejs.Node;
  before(async () => {
    process.env.ROS_DOMAIN_ID = ROS_DOMAIN;
    process.env.ROS_AUTOMATIC_DISCOVERY_RANGE = 'LOCALHOST';
    await rclnodejs.init();
    node = new rclnodejs.Node('serializer_test');
    node.spin();
  });
  after(() => rclnodejs.shutdown());

  /** The bytes that a subscriber gets. */
  async function published(type: string, message: object): Promise<Buffer> {
    const heard: Buffer[] = [];
    const topic = `serialized_${type.replaceAll('/', '_')}`;
    const subscription = node.createSubscription(type as never, topic, { isRaw: true }, (bytes: Buffer) => {
      heard.push(Buffer.from(bytes));
    });
    const publisher = node.createPublisher(type as never, topic);
    for (let turn = 0; heard.length === 0 && turn < 100; turn++) {
      if (turn % 20 === 0) publisher.publish(message as never);
      await sleep(50);
    }
    node.destroyPublisher(publisher);
    node.destroySubscription(subscription);
    return heard[0]!;
  }

  for (const { what, type, message } of MESSAGES) {
    it(`gives the bytes that rclnodejs sends: ${what}`, async () => {
      assert.deepEqual(messageSerializer(type)(message), await published(type, message));
    });
  }

  it('leaves nothing of a message in the next one, be it longer or shorter', () => {
    for (const type of ['std_msgs/msg/String', 'sensor_msgs/msg/CompressedImage'] as const) {
      const serialize = messageSerializer(type);
      for (const length of [3, 5000, 1, 70_000, 2]) {
        const text = 'x'.repeat(length);
        const message = type === 'std_msgs/msg/String' ? { data: text } : { format: text, data: Uint8Array.of(1, 2) };
        assert.deepEqual(serialize(message), messageSerializer(type)(message), `${type} of ${length}`);
      }
    }
  });

  it('refuses arrays that have not their size, as all behind them would be read wrongly', () => {
    const serialize = messageSerializer('facial_expression_recognition/msg/FacialExpressions');
    assert.throws(() => serialize({ header, faces: [face(67)] }), /landmarks has 67 elements, expected 68/);
  });

  it('refuses types that are not there', () => {
    assert.throws(() => messageSerializer('no_such_package/msg/Message'));
  });
});
