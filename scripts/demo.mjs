#!/usr/bin/env node
// npm run demo [-- --view] [--seconds N] [--source FILE|DEVICE|FOLDER]: sets up what is missing, then shows a camera's faces
// and what they express, with the nodes as they are installed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeFailure } from './setup/command.mjs';
import { demoClips } from './setup/demo_clips.mjs';
import { installPrefix, root } from './setup/paths.mjs';
import { rosEnvironment } from './setup/ros_environment.mjs';
import { setUp } from './setup/set_up.mjs';

const USAGE = `Usage: npm run demo [-- --view] [--seconds N] [--source FILE|DEVICE|FOLDER]
  --view        a page for a browser on this machine, live, instead of lines
  --seconds N   stop after N seconds; without it, Ctrl-C stops
  --source ...  a video file, a video device (/dev/video0) or a folder of images; without it, a clip of a real face`;

/** The clip in which the face expresses the most. */
const DEFAULT_SOURCE = demoClips.find((clip) => clip.endsWith('cap13_edit2.mp4')) ?? demoClips[0];

/** Milliseconds that a node has to stop on SIGTERM before it is ended by force. */
const STOP_TIMEOUT = 3000;

const options = readOptions();
try {
  await setUp();
} catch (error) {
  console.error(`\nSet-up failed: ${describeFailure(error)}`);
  process.exit(1);
}
process.exitCode = await play(options);

/** @returns {{ seconds: number | undefined, source: string, view: boolean }} */
function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        seconds: { type: 'string' },
        source: { type: 'string' },
        view: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
    if (seconds !== undefined && !(seconds > 0)) {
      throw new Error(`--seconds is "${values.seconds}", expected a number greater than 0`);
    }
    const source = values.source === undefined ? DEFAULT_SOURCE : resolve(values.source);
    if (values.source !== undefined && !existsSync(source)) {
      throw new Error(`--source is "${values.source}", expected a file, a video device or a folder that exists`);
    }
    return { seconds, source, view: values.view ?? false };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    process.exit(2);
  }
}

/**
 * Runs the nodes until the time is over, somebody stops them or one of them ends.
 *
 * @param {{ seconds: number | undefined, source: string, view: boolean }} options
 * @returns {Promise<number>} the exit code
 */
async function play({ seconds, source, view }) {
  const env = rosEnvironment();
  // The demo is for this machine: its images need not go over the network.
  env.ROS_AUTOMATIC_DISCOVERY_RANGE ??= 'LOCALHOST';
  const node = (/** @type {string} */ name) => join(installPrefix, 'lib', 'facial_expression_recognition', name);
  const cameraArguments = ['-p', `source:=${source}`, '-p', 'loop:=true'];
  const until = seconds === undefined ? 'until Ctrl-C' : `for ${seconds} s`;
  const shown = view ? 'open the page that is named below' : 'each line is one published message';
  console.log(`\nPlaying ${relative(process.cwd(), source)} ${until}; ${shown}.\n`);
  const children = [
    start(node('expression_node'), ['--ros-args', '-r', 'image:=image_raw'], env),
    start(node('camera_node'), ['--ros-args', ...cameraArguments], env),
    view
      ? start(node('expression_view'), ['--ros-args', '-r', 'image:=image_raw'], env)
      : start(
          process.execPath,
          [
            join(root, 'dist/nodes/expression_printer.js'),
            '--ros-args',
            '-r',
            'expressions:=expression_node/expressions',
          ],
          env,
        ),
  ];
  const stopped = new Promise((settle) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => settle(signal));
    if (seconds !== undefined) setTimeout(() => settle('time'), seconds * 1000).unref();
  });
  const cause = await Promise.race([stopped, ...children.map(({ ended }) => ended)]);
  await Promise.all(children.map(stop));
  // Who reads the lines may stop reading, and a source may end: neither is a failure.
  if (typeof cause === 'string' || cause.code === 0) return 0;
  console.error(`\n${cause.name} ended with ${cause.signal ?? `exit code ${cause.code}`}: what it said is above.`);
  return 1;
}

/**
 * @typedef {{ name: string, code: number | null, signal: string | null }} End how a process ended
 * @typedef {{ process: import('node:child_process').ChildProcess, ended: Promise<End> }} Child
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Child}
 */
function start(command, args, env) {
  // In a process group of its own: Ctrl-C comes to this process alone, which then stops the nodes in order.
  const child = spawn(command, args, { env, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  const name = args[0]?.endsWith('.js') ? 'expression_printer' : relative(join(installPrefix, 'lib'), command);
  process.once('exit', () => signalGroup(child, 'SIGKILL'));
  const ended = new Promise((settle) => {
    child.once('error', (error) => {
      console.error(`${command} cannot be run: ${error.message}`);
      settle({ name, code: 127, signal: null });
    });
    child.once('exit', (code, signal) => settle({ name, code, signal }));
  });
  return { process: child, ended };
}

/** @param {Child} child */
async function stop({ process: child, ended }) {
  signalGroup(child, 'SIGTERM');
  const force = setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_TIMEOUT);
  await ended;
  clearTimeout(force);
  // Whatever a node itself has started (the camera's ffmpeg) goes with it.
  signalGroup(child, 'SIGKILL');
}

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
function signalGroup(child, signal) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // The group has ended.
  }
}
