import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withoutUnderscores } from '../../src/cli/reference_options.js';
import { npyBytes } from '../../src/datasets/npy.js';
import { readModel } from '../../src/learner/checkpoint/model_directory.js';
import { EXPRESSION_PARAMETERS } from '../../src/nodes/expression/expression_parameters.js';
import { checkParameter } from '../../src/nodes/parameters/parameter_spec.js';
import { packageRoot } from '../../src/package_root.js';
import { NO_SHARED_DATA, sharedData, temporaryFolder } from '../support/folders.js';
import { writePreparedSamples } from '../support/prepared_samples.js';
import { codeBlocks, pages } from './markdown.js';

const root = packageRoot();
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { name: packageName, scripts }: { name: string; scripts: Record<string, string> } = JSON.parse(
  read('package.json'),
);
const pstblnFile = fileURLToPath(new URL('../../src/cli/pstbln.js', import.meta.url));
const folder = temporaryFolder();

interface Command {
  readonly page: string;
  readonly line: string;
  readonly words: string[];
}

const commands: Command[] = codeBlocks('sh').flatMap(({ page, code }) =>
  code
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ page, line, words: line.replace(/^node scripts\/with_ros\.mjs /, '').split(' ') })),
);

const starting = (...start: string[]) => commands.filter(({ words }) => start.every((word, i) => words[i] === word));
const flagsOf = (words: readonly string[]) => words.filter((word) => word.startsWith('--') && word !== '--');

function run(args: readonly string[], cwd = root): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd });
  assert.equal(status, 0, `${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** The options that a program says it takes. */
const optionsIn = (help: string) => new Set(help.match(/--[\w-]+/g));

describe('the commands in the documentation', () => {
  it('are all of a kind that is checked here or not ours', () => {
    const checked = ['npm', 'npx', 'ros2', '.ros/install/lib/facial_expression_recognition/expression_node', 'colcon'];
    const notOurs = ['cmake', 'git', 'cd', '.', 'python'];
    for (const { page, line, words } of commands) {
      assert.ok([...checked, ...notOurs].includes(words[0]!), `${page}: nobody checks "${line}"`);
    }
    assert.ok(commands.length > 20);
  });

  it('call npm scripts that exist', () => {
    const mentioned = pages().flatMap(({ path, text }) =>
      [...text.matchAll(/\bnpm (?:run ([\w:-]+)|test\b)/g)].map((match) => ({ path, script: match[1] ?? 'test' })),
    );
    assert.ok(mentioned.some(({ script }) => script === 'test'));
    for (const { path, script } of mentioned) assert.ok(scripts[script], `${path}: npm run ${script} does not exist`);
  });

  it('give npm scripts options that they take', () => {
    const optionsOf = (...files: readonly string[]) =>
      new Set(
        [
          ...files
            .map(read)
            .join()
            .matchAll(/'?([\w-]+)'?: \{ type: '/g),
        ].map(([, name]) => `--${name}`),
      );
    const known: Record<string, Set<string>> = {
      demo: optionsIn(run([join(root, 'scripts', 'demo.mjs'), '--help'])),
      'setup:tensorflow': optionsIn(run([join(root, 'scripts', 'setup_tensorflow.mjs'), '--help'])),
      'bench:node': optionsOf('bench/node.ts'),
      soak: optionsOf('bench/soak.ts'),
      'bench:dlib': optionsOf('bench/dlib_predictor.ts'),
      'bench:prepare': optionsOf('bench/prepare_landmarks.ts'),
      'bench:landmarks': optionsOf('bench/landmarks.ts'),
      'bench:landmark-error': optionsOf('bench/landmark_error.ts'),
      'bench:landmark-filter': optionsOf('bench/landmark_filter.ts'),
      'bench:expressions': optionsOf('bench/expressions.ts'),
      'bench:extractors': optionsOf('bench/extractors.ts'),
      'bench:live': optionsOf('bench/live.ts', 'bench/live_options.ts'),
      'bench:live-decisions': optionsOf('bench/live_decisions.ts', 'bench/live_options.ts'),
      'bench:shared-repeats': optionsOf('bench/shared_repeats.ts'),
      'bench:uncertainty': optionsOf('bench/uncertainty.ts'),
      'bench:learner': optionsOf('bench/learner.ts'),
    };
    for (const { page, line, words } of starting('npm', 'run')) {
      for (const flag of flagsOf(words)) assert.ok(known[words[2]!]?.has(flag), `${page}: ${flag} of "${line}"`);
    }
  });

  it('call pstbln with commands, options and files that there are', () => {
    const called = starting('npx', 'pstbln');
    const known = new Map<string, Set<string>>();
    for (const { page, line, words } of called) {
      const command = words[2] === 'prepare' ? words.slice(2, 4) : words.slice(2, 3);
      const name = command.join(' ');
      const options = known.get(name) ?? optionsIn(run([pstblnFile, ...command, '--help']));
      known.set(name, options);
      const argv = withoutUnderscores(['node', pstblnFile, ...words.slice(2)]);
      for (const flag of flagsOf(argv)) assert.ok(options.has(flag), `${page}: ${flag} of "${line}"`);
      for (const path of words.filter((word) => /^(models|config)\//.test(word))) {
        assert.ok(existsSync(join(root, path.replace(/^models\/\w+$/, '$&.json'))), `${page}: ${path} of "${line}"`);
      }
    }
    assert.deepEqual([...new Set(called.map(({ words }) => words[2]))].sort(), [
      'analyze',
      'build',
      'cross-validate',
      'download',
      'evaluate',
      'export',
      'infer',
      'prepare',
      'train',
      'train-appearance',
    ]);
  });

  it('start nodes and launch files of this package with names that they know', () => {
    const launchText = read('launch/expression.launch.py');
    const executables = read('CMakeLists.txt')
      .match(/foreach\(NODE_NAME (.*)\)/)![1]!
      .split(' ');
    for (const { page, line, words } of [...starting('ros2', 'run'), ...starting('ros2', 'launch')]) {
      const ours = words[2] === packageName;
      assert.ok(ours || words[2] === 'usb_cam', `${page}: "${line}"`);
      if (!ours) continue;
      if (words[1] === 'run') assert.ok(executables.includes(words[3]!), `${page}: "${line}"`);
      else assert.ok(existsSync(join(root, 'launch', words[3]!)), `${page}: "${line}"`);
      for (const name of words.slice(4).flatMap((word) => /^(\w+):=/.exec(word)?.[1] ?? [])) {
        const known = words[1] === 'run' ? name === 'image' : launchText.includes(`'${name}', default_value`);
        assert.ok(known, `${page}: ${name} of "${line}"`);
      }
    }
  });

  it('name topics and parameters of the nodes', () => {
    for (const { page, line, words } of starting('ros2', 'topic')) {
      assert.ok(
        [
          '/expression_node/expressions',
          '/image_raw',
          '/diagnostics',
          '/expression_node/annotated_image/compressed',
        ].includes(words.at(-1)!),
        `${page}: "${line}"`,
      );
    }
    const set = starting('ros2', 'param', 'set');
    assert.ok(set.length > 0);
    for (const { page, words } of set) {
      checkParameter(EXPRESSION_PARAMETERS, words[4]!, Number(words[5]), page);
      assert.equal(EXPRESSION_PARAMETERS[words[4] as keyof typeof EXPRESSION_PARAMETERS].changeable, 'always');
    }
    for (const { words } of starting('ros2', 'lifecycle', 'set')) {
      assert.equal(words[3], '/expression_node');
      assert.ok(['configure', 'activate', 'deactivate', 'cleanup', 'shutdown'].includes(words[4]!), words[4]);
    }
    const services = read('src/nodes/expression/expression_services.ts');
    for (const { line, words } of starting('ros2', 'service', 'call')) {
      assert.ok(services.includes(`'${words[3]!.replace('/expression_node', '~')}'`), line);
      assert.ok(services.includes(`'${words[4]}'`), line);
    }
    for (const { words } of starting('colcon')) assert.equal(words.at(-1), packageName);
  });

  it('answer samples', async () => {
    const { params } = await readModel(join(root, 'models'), 'expressions');
    const dims = [3, params.in_channels, params.num_frames, params.num_point, params.num_person];
    const values = new Float32Array(dims.reduce((product, dim) => product * dim));
    writeFileSync(join(folder.path, 'samples.npy'), npyBytes({ dims, values }));
    const documented = starting('npx', 'pstbln', 'infer');
    assert.ok(documented.length > 0);
    for (const { words } of documented) {
      const args = words.slice(2).map((word) => word.replace('samples.npy', join(folder.path, 'samples.npy')));
      const answers: Record<string, unknown>[] = JSON.parse(run([pstblnFile, ...args]));
      assert.equal(answers.length, 3);
      const keys = pages()
        .find(({ path }) => path === 'docs/training.md')!
        .text.match(/The answer is a list with (.*?) for\s+each/s)![1]!
        .match(/\w+(?=`)/g);
      assert.deepEqual(Object.keys(answers[0]!).sort(), keys!.sort());
    }
  });

  it('train on prepared samples, evaluate and export what was trained, one after another', () => {
    writePreparedSamples(join(folder.path, 'data', 'AFEW'));
    // Those of docs/prepare.md have a test of their own.
    const called = starting('npx', 'pstbln').filter(
      ({ page, words }) => page !== 'docs/prepare.md' && words.some((word) => /^(data|trained)\//.test(word)),
    );
    assert.ok(called.some(({ words }) => words[2] === 'export'));
    for (const { words } of called) {
      const short = words[2] === 'train' ? words.map((word, i) => (words[i - 1] === '--epochs' ? '2' : word)) : words;
      run([pstblnFile, ...short.slice(2)], folder.path);
    }
    for (const file of ['afew.pt', 'afew.json', 'afew.html']) assert.ok(existsSync(join(folder.path, 'trained', file)));
    assert.ok(existsSync(join(folder.path, 'optimized', 'afew.onnx')));
  });

  const tree = sharedData('ckplus_landmarks');
  it('evaluate a model', { skip: tree === null && NO_SHARED_DATA }, () => {
    const documented = starting('npx', 'pstbln', 'evaluate').filter(({ words }) => words.includes('TREE'));
    assert.ok(documented.length > 0);
    for (const { words } of documented) {
      const report = JSON.parse(run([pstblnFile, ...words.slice(2).map((word) => word.replace('TREE', tree!))]));
      for (const key of ['accuracy', 'mean_recall', 'classes', 'confusion']) assert.ok(key in report, key);
    }
  });
});
