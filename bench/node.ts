import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import rclnodejs from 'rclnodejs';
import type { DiagnosticArrayMessage } from '../src/nodes/diagnostics/diagnostic_message.js';
import { STAGES, type Stage } from '../src/nodes/expression/image_statistics.js';
import { FACIAL_EXPRESSIONS_TYPE, type FacialExpressionsMessage, secondsBetween } from '../src/nodes/messages.js';
import { DEFAULT_LANDMARK_EXTRACTOR } from '../src/perception/landmarks/landmark_extractor_name.js';
import { quantile } from '../src/quantile.js';
import { ROS_DOMAIN, rosMissing, startNode } from '../test/support/ros_processes.js';
import {
  type BlockFigures,
  blockedMilliseconds,
  blockFigures,
  probedEnvironment,
  probedSeconds,
} from './main_thread.js';
import { median } from './median.js';
import { FACE_COUNTS, makeNodeStream, STREAM_RATE_HERTZ } from './node_stream.js';
import { cpuSecondsOf, rssMegabytesOf } from './process_figures.js';
import { runProgram } from './run_program.js';

const USAGE = `Usage: npm run bench:node [-- [--seconds N] [--faces 1|4] [--source FILE] [--extractor NAME] [--json]]
How fast expression_node is on this machine: the real camera node plays a stream of 640x480 at 30 Hz, the real expression
node answers, and this process subscribes.
  --seconds N       measure for N seconds, 20 by default
  --faces 1|4       faces in view, 1 by default; 4: four tiles with a face in each
  --source FILE     a clip of one face; without it, the demo's
  --extractor NAME  what finds the landmarks, ${DEFAULT_LANDMARK_EXTRACTOR} by default
  --json            the figures as JSON; docs/ros.md says what they mean`;

/** Seconds from the first expression until the measurement starts, for engines and caches to warm up. */
const WARM_UP_SECONDS = 3;
const FIRST_EXPRESSION_TIMEOUT_SECONDS = 60;

interface Heard {
  readonly message: FacialExpressionsMessage;
  /** From the image's stamp until the message was here. */
  readonly latencyMilliseconds: number;
}

/** Quantiles in milliseconds. */
interface StageTimes {
  readonly p50: number;
  readonly p99: number;
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
  /** How long each stage took, of the images of the last seconds that went through it, as the node's diagnostics tell. */
  stages_ms: Partial<Record<Stage, StageTimes>>;
  /** Of the node's process, 100 being one core. */
  cpu_percent: number;
  /** What the node's process holds when the measurement starts and ends. */
  rss_mb: { start: number; end: number };
  /** How long the node's main thread was at work without a turn of its event loop. */
  main_thread_block_ms: BlockFigures;
  /** The same with the times in which it waited for a core. */
  main_thread_delay_ms: BlockFigures;
}

interface Measurement {
  readonly heard: readonly Heard[];
  readonly stages: Result['stages_ms'];
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssMegabytes: { readonly start: number; readonly end: number };
  readonly block: BlockFigures;
  readonly delay: BlockFigures;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '20' },
      faces: { type: 'string', default: '1' },
      source: { type: 'string' },
      extractor: { type: 'string', default: DEFAULT_LANDMARK_EXTRACTOR },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) throw new Error(`--seconds is "${values.seconds}", expected a number greater than 0`);
  const faces = FACE_COUNTS.find((count) => String(count) === values.faces);
  if (faces === undefined) throw new Error(`--faces is "${values.faces}", expected ${FACE_COUNTS.join(' or ')}`);
  if (rosMissing) throw new Error(rosMissing);
  const folder = await mkdtemp(join(tmpdir(), 'bench_node_'));
  try {
    const stream = await makeNodeStream(values.source && resolve(values.source), faces, folder);
    const result = figuresOf(await measure(stream, values.extractor, seconds, join(folder, 'main_thread.jsonl')));
    console.log(values.json ? JSON.stringify(result) : inWords(result, faces, seconds));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(stream: string, extractor: string, seconds: number, probe: string): Promise<Measurement> {
  // A domain of its own, so that no other camera on this machine gets in.
  process.env.ROS_DOMAIN_ID ??= ROS_DOMAIN;
  process.env.ROS_AUTOMATIC_DISCOVERY_RANGE ??= 'LOCALHOST';
  const { ROS_DOMAIN_ID } = process.env;
  const node = startNode('expression_node', ['-r', 'image:=image_raw', '-p', `landmark_extractor:=${extractor}`], {
    ...probedEnvironment(probe),
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
    let stages: Result['stages_ms'] = {};
    subscriber.createSubscription('diagnostic_msgs/msg/DiagnosticArray', '/diagnostics', (message: object) => {
      stages = stageTimesOf(message as DiagnosticArrayMessage);
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
    const startOfCpu = cpuSecondsOf(node.pid);
    const startOfRss = rssMegabytesOf(node.pid);
    const startOfProbe = probedSeconds(probe).length;
    await Promise.race([sleep(seconds * 1000), broken]);
    const probed = probedSeconds(probe).slice(startOfProbe);
    return {
      heard,
      stages,
      seconds: (performance.now() - start) / 1000,
      cpuSeconds: cpuSecondsOf(node.pid) - startOfCpu,
      rssMegabytes: { start: startOfRss, end: rssMegabytesOf(node.pid) },
      block: blockFigures(probed, blockedMilliseconds),
      delay: blockFigures(probed, ({ milliseconds }) => milliseconds),
    };
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

/** The times that a node's diagnostics tell; none where they tell of none. */
function stageTimesOf({ status }: DiagnosticArrayMessage): Result['stages_ms'] {
  const values = status.find(({ name }) => name.endsWith(': times'))?.values ?? [];
  const figure = (key: string) => Number(values.find((value) => value.key === key)?.value);
  const told = STAGES.map((stage) => ({ stage, p50: figure(`${stage} p50 (ms)`), p99: figure(`${stage} p99 (ms)`) }));
  const known = told.filter(({ p50 }) => !Number.isNaN(p50));
  return Object.fromEntries(known.map(({ stage, p50, p99 }) => [stage, { p50, p99 }]));
}

function figuresOf({ heard, stages, seconds, cpuSeconds, rssMegabytes, block, delay }: Measurement): Result {
  if (heard.length === 0) throw new Error('no message came while it was measured');
  const first = heard[0]!.message.header.stamp;
  const last = heard.at(-1)!.message.header.stamp;
  const published = Math.round(secondsBetween(first, last) * STREAM_RATE_HERTZ) + 1;
  const latencies = heard.map(({ latencyMilliseconds }) => latencyMilliseconds);
  const faces = heard.flatMap(({ message }) => message.faces);
  const expressed = faces.filter(({ category }) => category !== '');
  return {
    images_per_second: round(heard.length / seconds),
    latency_ms: { p50: round(median(latencies)), p99: round(quantile(latencies, 0.99)) },
    dropped: Math.max(0, published - heard.length),
    faces: faces.length,
    perception_ms: round(median(faces.map((face) => face.perception_ms))),
    inference_ms: round(median(expressed.map((face) => face.inference_ms))),
    stages_ms: stages,
    cpu_percent: round((100 * cpuSeconds) / seconds),
    rss_mb: rssMegabytes,
    main_thread_block_ms: { p99: round(block.p99), max: round(block.max) },
    main_thread_delay_ms: { p99: round(delay.p99), max: round(delay.max) },
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function inWords(result: Result, inView: number, seconds: number): string {
  const { images_per_second, latency_ms, dropped, faces, perception_ms, inference_ms, cpu_percent, rss_mb } = result;
  const { main_thread_block_ms: block, main_thread_delay_ms: delay, stages_ms } = result;
  const stages = Object.entries(stages_ms).map(([stage, { p50 }]) => `${stage} ${p50.toFixed(1)}`);
  return [
    `expression_node on a 640x480 stream at ${STREAM_RATE_HERTZ} Hz, ${inView} face(s) in view, ${seconds} s:`,
    `  processed       ${images_per_second.toFixed(1)} images a second, ${dropped} dropped, ${faces} faces`,
    `  latency         median ${latency_ms.p50.toFixed(1)} ms, 99 % within ${latency_ms.p99.toFixed(1)} ms (image stamp to message)`,
    `  of that         perception ${perception_ms.toFixed(1)} ms, inference ${inference_ms.toFixed(1)} ms (medians)`,
    `  by stage        ${stages.join(', ')} ms (medians)`,
    `  node's process  ${cpu_percent.toFixed(0)} % of a core, ${rss_mb.start} MB at the start, ${rss_mb.end} MB at the end`,
    `  main thread     blocked for ${block.max.toFixed(1)} ms at most, ${delay.max.toFixed(1)} ms with waiting for a core`,
  ].join('\n');
}

await runProgram(main);
// rclnodejs keeps handles of a context that was shut down.
process.exit();
