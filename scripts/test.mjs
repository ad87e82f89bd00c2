#!/usr/bin/env node
// npm test [-- PART...]: sets up what is missing, compiles, and runs the tests (those whose path holds a PART).
import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { describeFailure, runCommand } from './setup/command.mjs';
import { assembleWebAssembly, typeScriptCompiler } from './setup/dist.mjs';
import { logFolder, root } from './setup/paths.mjs';
import { rosEnvironment } from './setup/ros_environment.mjs';
import { setUp } from './setup/set_up.mjs';
import { timed } from './setup/step.mjs';

/** Tests of processes that play in real time: beside other work, they would measure that work. */
const IN_REAL_TIME =
  /\/test\/(nodes\/(?!(cdr|failures|parameters|expression\/outputs)\/)|bench\/(node|soak)|launch|scripts\/demo|camera\/(pacing|read_ahead|open_source))/;
/** Of the others, those that take longest, the longest first: begun last, one would go on alone while a core has nothing to do. */
const LONGEST = [
  'perception/perception',
  'cli/prepare',
  'nodes/failures/failing_calls',
  'perception/landmarks_beside_mediapipe',
  'learner/engine/webgpu',
  'docs/prepare',
  'nodes/expression/outputs/standard_outputs',
  'cli/learn',
  'docs/commands',
  'cli/analyze',
  'perception/mediapipe/face_mesh_network',
  'learner/checkpoint/pytorch_file',
  'cli/prepare_image_backend',
  'cli/cross_validate',
  'cli/evaluate_images',
];
/** Milliseconds that a file of tests may take. */
const FILE_TIMEOUT = 300_000;

const compiled = join(root, 'build', 'ts');
const counts = { passed: 0, failed: 0, skipped: 0 };

try {
  await setUp();
  await timed('compile the tests', compileTests);
} catch (error) {
  console.error(`\nSet-up failed: ${describeFailure(error)}`);
  process.exit(1);
}
// The test files inherit this process's environment: librcl and our messages have to be found when they start.
Object.assign(process.env, rosEnvironment());
const parts = process.argv.slice(2);
const files = testFiles().filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)));
await runFiles(longestFirst(files.filter((file) => !IN_REAL_TIME.test(file))), availableParallelism());
await runFiles(
  files.filter((file) => IN_REAL_TIME.test(file)),
  1,
);
console.log(
  `\n${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`,
);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;

/** From scratch, so that no test of a file that is gone runs on. */
async function compileTests() {
  await rm(compiled, { recursive: true, force: true });
  const log = join(logFolder, 'tests.log');
  await runCommand([process.execPath, typeScriptCompiler, '-p', root], {
    log,
    mending: 'mend the errors that the compiler names',
  });
  await assembleWebAssembly('build/ts/src', log);
}

/** @returns {string[]} */
function testFiles() {
  const folder = join(compiled, 'test');
  return readdirSync(folder, { recursive: true })
    .map((file) => join(folder, String(file)))
    .filter((file) => file.endsWith('.test.js'))
    .sort();
}

/** @param {string[]} chosen @returns {string[]} */
function longestFirst(chosen) {
  const first = LONGEST.map((name) => join(compiled, 'test', `${name}.test.js`)).filter((file) =>
    chosen.includes(file),
  );
  return [...first, ...chosen.filter((file) => !first.includes(file))];
}

/**
 * Runs test files, each in a process of its own, and adds up what comes of their tests.
 *
 * @param {string[]} chosen
 * @param {number} concurrency files at a time
 */
async function runFiles(chosen, concurrency) {
  if (chosen.length === 0) return;
  const events = run({ files: chosen, concurrency, timeout: FILE_TIMEOUT });
  events.on('test:pass', (test) => {
    // A suite that is skipped as a whole has no tests to count.
    if (test.skip !== undefined) counts.skipped++;
    else if (test.details.type !== 'suite') counts.passed++;
  });
  events.on('test:fail', (test) => {
    // A suite fails with its tests, which are counted; one that fails by itself (in a hook) is a failure too.
    const { error, type } = test.details;
    if (type === 'suite' && 'failureType' in error && error.failureType === 'subtestsFailed') return;
    counts.failed++;
  });
  const report = events.compose(new spec());
  report.pipe(process.stdout, { end: false });
  await new Promise((resolve, reject) => report.on('end', resolve).on('error', reject));
}
