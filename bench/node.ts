import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import rclnodejs from 'rclnodejs';
import { findFfmpeg } from '../src/camera/ffmpeg_program.js';
import { FACIAL_EXPRESSIONS_TYPE, type FacialExpressionsMessage, secondsBetween } from '../src/nodes/messages.js';
import { packageRoot } from '../src/package_root.js';
import { DEFAULT_LANDMARK_EXTRACTOR } from '../src/perception/landmarks/landmark_extractor_name.js';
import { quantile } from '../src/quantile.js';
import { rosMissing, startNode } from '../test/support/ros_processes.js';
import { runProgram } from './run_program.js';

// npm run bench:node -- [--seconds N] [--source FILE] [--extractor NAME] [--json]: the real camera node plays a face at 640x480 and 30 Hz,
// the real expression node answers, and this process subscribes.

const RATE_HERTZ = 30;
/** The clip of npm run demo. */
const DEMO_CLIP = join(packageRoot(), '.ros', 'demo', 'cap13_edit2.mp4');
/** Seconds from the first expression until the measurement starts, for engines and caches to warm up. */
const WARM_UP_SECONDS = 3;
const FIRST_EXPRESSION_TIMEOUT_SECONDS = 60;

interface Heard {
  readonly message: FacialExpressionsMessage;
  /** From the image's stamp until the message was here. */
  readonly latencyMilliseconds: number;
}

/** What a run gives. */
interface Result {
  /** Messages received, which are images processed, a second. */
  images_per_second: number;
  /** From an image's stamp until its message is at the subscriber. */
  latency_ms: { p50: number; p99: number };
  /** Images that the camera published and that no message came for. */
  dropped: number;
  /** Faces in all messages together. */
  faces: number;
  /** Median processing times that the node itself reports. */
  perception_ms: number;
  inference_ms: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '20' },
      source: { type: 'string' },
      extractor: { type: 'string', default: DEFAULT_LANDMARK_EXTRACTOR },
      json: { type: 'boolean' },
    },
  });
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) throw new Error(`--seconds is "${values.seconds}", expected a number greater than 0`);
  if (rosMissing) throw new Error(rosMissing);
  const folder = await mkdtemp(join(tmpdir(), 'bench_node_'));
  try {
    const stream = await makeStream(values.source ? resolve(values.source) : DEMO_CLIP, folder);
    const result = await measure(stream, values.extractor, seconds);
    console.log(values.json ? JSON.stringify(result) : inWords(result, seconds));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Makes a 640x480 clip of 30 frames a second out of any. */
async function makeStream(source: string, folder: string): Promise<string> {
  const stream = join(folder, 'stream.mkv');
  const { path } = await findFfmpeg();
  const filter = `fps=${RATE_HERTZ},scale=640:480`;
  await promisify(execFile)(path, [
    ...['-v', 'error', '-nostdin', '-i', source, '-an', '-t', '60', '-vf', filter],
    ...['-c:v', 'mpeg4', '-q:v', '3', '-y', stream],
  ]);
  return stream;
}

async function measure(stream: string, extractor: string, seconds: number): Promise<Result> {
  // A domain of its own, so that no other camera on this machine gets in.
  process.env.ROS_DOMAIN_ID ??= String(100 + (process.pid % 100));
  process.env.ROS_AUTOMATIC_DISCOVERY_RANGE ??= 'LOCALHOST';
  const { ROS_DOMAIN_ID } = process.env;
  const node = startNode('expression_node', ['-r', 'image:=image_raw', '-p', `landmark_extractor:=${extractor}`], {
    ROS_DOMAIN_ID,
  });
  const camera = startNode('camera_node', ['-p', `source:=${stream}`, '-p', 'loop:=true'], { ROS_DOMAIN_ID });
  await rclnodejs.init();
  const subscriber = new rclnodejs.Node('bench_subscriber');
  try {
    let heard: Heard[] = [];
    subscriber.createSubscription(FACIAL_EXPRESSIONS_TYPE, 'expression_node/expressions', (message: object) => {
      heard.push(timed(message as FacialExpressionsMessage));
    });
    subscriber.spin();
    const broken = Promise.race([node.exit, camera.exit]).then(() => {
      throw new Error(`a node ended; it said:\n${[...node.lines, ...camera.lines].join('\n')}`);
    });
    const expressed = () => heard.some(({ message }) => message.faces.some(({ category }) => category !== ''));
    for (let waited = 0; !expressed(); waited += 0.1) {
      if (waited > FIRST_EXPRESSION_TIMEOUT_SECONDS) {
        throw new Error(`no expression within ${FIRST_EXPRESSION_TIMEOUT_SECONDS} s:\n${node.lines.join('\n')}`);
      }
      await Promise.race([sleep(100), broken]);
    }
    await Promise.race([sleep(WARM_UP_SECONDS * 1000), broken]);
    heard = [];
    const start = performance.now();
    await Promise.race([sleep(seconds * 1000), broken]);
    const elapsed = (performance.now() - start) / 1000;
    return summary(heard, elapsed);
  } finally {
    await Promise.all([camera.stop(), node.stop()]);
    rclnodejs.shutdown();
  }
}

function timed(message: FacialExpressionsMessage): Heard {
  const milliseconds = performance.timeOrigin + performance.now();
  const sec = Math.floor(milliseconds / 1000);
  const now = { sec, nanosec: (milliseconds - sec * 1000) * 1e6 };
  return { message, latencyMilliseconds: secondsBetween(message.header.stamp, now) * 1000 };
}

function summary(heard: readonly Heard[], elapsedSeconds: number): Result {
  if (heard.length === 0) throw new Error('no message came while it was measured');
  const first = heard[0]!.message.header.stamp;
  const last = heard.at(-1)!.message.header.stamp;
  const published = Math.round(secondsBetween(first, last) * RATE_HERTZ) + 1;
  const latencies = heard.map(({ latencyMilliseconds }) => latencyMilliseconds);
  const faces = heard.flatMap(({ message }) => message.faces);
  const expressed = faces.filter(({ category }) => category !== '');
  return {
    images_per_second: round(heard.length / elapsedSeconds),
    latency_ms: { p50: round(quantile(latencies, 0.5)), p99: round(quantile(latencies, 0.99)) },
    dropped: Math.max(0, published - heard.length),
    faces: faces.length,
    perception_ms: round(
      quantile(
        faces.map((face) => face.perception_ms),
        0.5,
      ),
    ),
    inference_ms: round(
      quantile(
        expressed.map((face) => face.inference_ms),
        0.5,
      ),
    ),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function inWords(result: Result, seconds: number): string {
  const { images_per_second, latency_ms, dropped, faces, perception_ms, inference_ms } = result;
  return [
    `expression_node on a 640x480 stream at ${RATE_HERTZ} Hz, ${seconds} s:`,
    `  processed       ${images_per_second.toFixed(1)} images a second, ${dropped} dropped, ${faces} faces`,
    `  latency         median ${latency_ms.p50.toFixed(1)} ms, 99 % within ${latency_ms.p99.toFixed(1)} ms (image stamp to message)`,
    `  of that         perception ${perception_ms.toFixed(1)} ms, inference ${inference_ms.toFixed(1)} ms (medians)`,
  ].join('\n');
}

await runProgram(main);
// rclnodejs keeps handles of a context that was shut down.
process.exit();
