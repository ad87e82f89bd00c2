import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import rclnodejs from 'rclnodejs';
import type { Frame } from '../src/camera/frame.js';
import { openSource } from '../src/camera/open_source.js';
import { paced } from '../src/camera/pacing.js';
import { ImagePublisher } from '../src/nodes/camera/image_publisher.js';
import { FACIAL_EXPRESSIONS_TYPE } from '../src/nodes/messages.js';
import { duration, Progress } from '../src/progress.js';
import { ROS_DOMAIN, rosMissing, startNode, type TestProcess } from '../test/support/ros_processes.js';
import { median } from './median.js';
import { makeNodeStream } from './node_stream.js';
import { rssMegabytesOf } from './process_figures.js';
import { RoughTreatment } from './rough_treatment.js';
import { runProgram } from './run_program.js';

const USAGE = `Usage: npm run soak [-- [--minutes N] [--rough] [--json]]
Lets the real expression node work on a face at 640x480 and 30 Hz for long, and tells whether its memory grows, images get lost
or it complains.
  --minutes N  10 by default
  --rough      treats it badly meanwhile: publishers that come and go, broken images, parameters out of range, other models
  --json       the figures as JSON; docs/ros.md says what they mean`;

const IMAGE_TOPIC = 'image_raw';
/** Until then engines and caches fill; of a shorter run, its first half. */
const WARM_UP_SECONDS = 60;
/** Memory goes up and down as images are collected: the start and the end are medians of so many seconds. */
const RSS_SECONDS = 15;
const READY_TIMEOUT_SECONDS = 60;
/** How long the answer to the last image may take. */
const LAST_ANSWER_MILLISECONDS = 2000;
const COMPLAINT = /\[(WARN|ERROR|FATAL)\]/;
/** What is said of this program's own pauses, before and after the stream. */
const ABOUT_PAUSES = /apart by their stamps/;
/** What the node says of images that it has not answered. */
const COUNTS = /(\d+) (?:dropped|lost|skipped|refused)/g;

/** What a run gives. */
interface Result {
  /** The node's process, after a minute and at the end. */
  rss_mb: { start: number; end: number };
  /** Of the end over the start. */
  growth_percent: number;
  published: number;
  answered: number;
  /** Published and not answered. */
  dropped: number;
  /** Those of them that the node itself tells of, as dropped, lost on the way, skipped or refused. */
  counted: number;
  /** What it complained of, and how it ended if that was not well. */
  errors: number;
  error_lines: string[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      rough: { type: 'boolean', default: false },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Error(`--minutes is "${values.minutes}", expected a number greater than 0`);
  if (rosMissing) throw new Error(rosMissing);
  const folder = await mkdtemp(join(tmpdir(), 'soak_'));
  try {
    const result = await soak(await makeNodeStream(undefined, 1, folder), minutes * 60, values.rough);
    console.log(values.json ? JSON.stringify(result) : inWords(result, minutes));
    if (result.errors > 0) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function soak(stream: string, seconds: number, rough: boolean): Promise<Result> {
  // A domain of its own, so that no other camera on this machine gets in.
  process.env.ROS_DOMAIN_ID ??= ROS_DOMAIN;
  process.env.ROS_AUTOMATIC_DISCOVERY_RANGE ??= 'LOCALHOST';
  const { ROS_DOMAIN_ID } = process.env;
  await rclnodejs.init();
  const camera = new rclnodejs.Node('soak_camera');
  const publisher = new ImagePublisher(camera, IMAGE_TOPIC, 'camera');
  const node = startNode('expression_node', ['-r', `image:=${IMAGE_TOPIC}`], { ROS_DOMAIN_ID });
  try {
    let answered = 0;
    camera.createSubscription(FACIAL_EXPRESSIONS_TYPE, 'expression_node/expressions', () => {
      answered++;
    });
    camera.spin();
    await node.line(/\bReady: /, READY_TIMEOUT_SECONDS);
    await reliablySubscribed(camera);
    // Alone at the start and at the end an image surely arrives: what is lost in between, the node can tell by their numbers.
    const still = await firstFrame(stream);
    publisher.publish(still);
    for (let waited = 0; answered === 0; waited += 0.1) {
      if (waited > READY_TIMEOUT_SECONDS) throw new Error(`no answer to the first image:\n${node.lines.join('\n')}`);
      await sleep(100);
    }
    const treatment = rough ? new RoughTreatment(camera, IMAGE_TOPIC) : undefined;
    const { published: played, rss } = await play(stream, seconds, publisher, node, treatment);
    await sleep(LAST_ANSWER_MILLISECONDS);
    publisher.publish(still);
    await sleep(LAST_ANSWER_MILLISECONDS);
    await node.stop();
    const exit = await node.exit;
    const complaints = node.lines.filter((line) => COMPLAINT.test(line) && !ABOUT_PAUSES.test(line));
    const errors = [...(treatment?.unexpected(complaints) ?? complaints)];
    if (exit !== 0) errors.push(`the node ended with ${exit}: ${node.lines.slice(-5).join('\n')}`);
    const summary = node.lines.findLast((line) => line.includes('images received')) ?? '';
    const counted = [...summary.matchAll(COUNTS)].reduce((sum, [, count]) => sum + Number(count), 0);
    const published = 2 + played + (treatment?.published ?? 0);
    const growth = Math.round((1000 * (rss.end - rss.start)) / rss.start) / 10;
    return {
      rss_mb: rss,
      growth_percent: growth,
      published,
      answered,
      dropped: published - answered,
      counted,
      errors: errors.length,
      error_lines: errors,
    };
  } finally {
    await node.stop();
    rclnodejs.shutdown();
  }
}

/** Waits until the node asks for images as surely as they are offered; one that goes before is lost to it. */
async function reliablySubscribed(camera: rclnodejs.Node): Promise<void> {
  const { RMW_QOS_POLICY_RELIABILITY_RELIABLE: reliable } = rclnodejs.QoS.ReliabilityPolicy;
  const topic = camera.resolveTopicName(IMAGE_TOPIC);
  for (let waited = 0; waited < READY_TIMEOUT_SECONDS; waited += 0.1) {
    const infos = camera.getSubscriptionsInfoByTopic(topic, false) as { qos_profile?: { reliability?: number } }[];
    if (infos.some(({ qos_profile: qos }) => qos?.reliability === reliable)) return;
    await sleep(100);
  }
  throw new Error(`the node has not subscribed ${topic} within ${READY_TIMEOUT_SECONDS} s`);
}

async function firstFrame(stream: string): Promise<Frame> {
  for await (const frame of await openSource({ source: stream }, 'the soak')) return frame;
  throw new Error(`${stream} has no frame`);
}

/** Publishes the stream in its time, and looks at the node's memory every second. */
async function play(
  stream: string,
  seconds: number,
  publisher: ImagePublisher,
  node: TestProcess,
  treatment: RoughTreatment | undefined,
): Promise<{ published: number; rss: { start: number; end: number } }> {
  const stop = new AbortController();
  const source = await openSource({ source: stream, loop: true }, 'the soak', stop.signal);
  const progress = new Progress('Soaking, s');
  const samples: { second: number; megabytes: number }[] = [];
  let ended = false;
  node.exit.then(() => {
    ended = true;
  });
  let published = 0;
  const start = performance.now();
  for await (const frame of paced(source, { signal: stop.signal })) {
    publisher.publish(frame);
    published++;
    const second = Math.floor((performance.now() - start) / 1000);
    if (second >= seconds || ended) stop.abort();
    if (second === (samples.at(-1)?.second ?? 0) || ended) continue;
    samples.push({ second, megabytes: rssMegabytesOf(node.pid) });
    progress.update(Math.min(second, seconds), seconds, `${samples.at(-1)!.megabytes} MB`);
    await treatment?.treat(second, frame);
  }
  progress.end();
  const megabytes = (from: number, until: number) =>
    Math.round(10 * median(samples.filter(({ second }) => second >= from && second < until).map((s) => s.megabytes))) /
    10;
  const warm = Math.min(WARM_UP_SECONDS, seconds / 2);
  const last = Math.max(warm, seconds - RSS_SECONDS);
  return { published, rss: { start: megabytes(warm, warm + RSS_SECONDS), end: megabytes(last, Infinity) } };
}

function inWords(result: Result, minutes: number): string {
  const { rss_mb: rss, growth_percent, published, answered, dropped, counted, errors, error_lines } = result;
  return [
    `expression_node on a 640x480 stream at 30 Hz, ${duration(minutes * 60)}:`,
    `  memory    ${rss.start} MB at first, ${rss.end} MB at the end: ${growth_percent} % more`,
    `  images    ${published} published, ${answered} answered, ${dropped} dropped, of which the node tells of ${counted}`,
    `  errors    ${errors}`,
    ...error_lines.map((line) => `    ${line}`),
  ].join('\n');
}

await runProgram(main);
// rclnodejs keeps handles of a context that was shut down.
process.exit();
