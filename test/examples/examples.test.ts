import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { readNpy } from '../../src/datasets/npy.js';
import { ProgressiveSpatioTemporalBLNLearner } from '../../src/learner/progressive_spatio_temporal_bln_learner.js';
import { packageRoot } from '../../src/package_root.js';
import { writeDrawnTree } from '../support/faces.js';
import { temporaryFolder } from '../support/folders.js';
import { serveFtp } from '../support/ftp_server.js';
import { PREPARED_DIMS, writePreparedSamples } from '../support/prepared_samples.js';

const root = packageRoot();
const folder = temporaryFolder();
const path = (...names: string[]) => join(folder.path, ...names);
const skip = existsSync(join(root, 'dist', 'index.js')) ? false : 'needs dist (npm run build)';

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without stopping this process, which may serve it. */
function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve({ status, ...said }));
  });
}

/** Runs an example, which finds the package by its name. */
async function example(name: string, ...args: string[]): Promise<string> {
  const script = join(root, 'examples', `${name}.mjs`);
  const { status, stdout, stderr } = await run(process.execPath, [script, ...args], folder.path);
  assert.equal(status, 0, stderr);
  return stdout;
}

describe("OpenDR's examples", { skip }, () => {
  const model = 'saved_models/pstbln_afew_checkpoints/test_pstbln';

  before(() => {
    writePreparedSamples(path('data', 'AFEW_aug_data'));
    writePreparedSamples(path('server', 'data', 'AFEW'));
  });

  it('build a network on AFEW-shaped data, evaluate it and save it where the next ones look', async () => {
    const said = await example('build_network', '--epochs', '2', '--num-blocks', '2', '--num-layers', '1');
    assert.match(said, /^topology \[[12]\]\naccuracy 0\.\d{4}, expected calibration error 0\.\d{4}\n$/);
    const record = JSON.parse(readFileSync(path('parent_dir', 'pstbln_afew_checkpoints', 'building.json'), 'utf8'));
    assert.equal(`topology [${record.topology.join(', ')}]`, said.split('\n')[0]);
    assert.ok(existsSync(path('parent_dir', 'Topology.npy')));
    assert.ok(existsSync(path('parent_dir', 'pstbln_afew_tensorboard', 'train')));
    const { inference_params: params } = JSON.parse(readFileSync(path(`${model}.json`), 'utf8'));
    assert.deepEqual(params.topology, record.topology);
    assert.equal(params.classes.length, 7);
  });

  it('fetch test data by FTP and answer the first sequence as the learner does', async () => {
    const server = await serveFtp(path('server'));
    try {
      const said = await example('infer_sequence', '--url', server.url);
      const { values } = readNpy(path('data', 'afew', 'AFEW', 'val.npy'));
      const learner = new ProgressiveSpatioTemporalBLNLearner({ device: 'cpu' });
      await learner.load(path('saved_models', 'pstbln_afew_checkpoints'), 'test_pstbln', false);
      const size = PREPARED_DIMS.reduce<number>((product, dim) => product * dim, 1);
      const [estimate] = await learner.infer(values.subarray(0, size), { mcdoRepeats: 100 });
      await learner.release();
      const { category, confidence, std, categoryIndex, mutualInformation } = estimate!;
      const first = `${category}: ${confidence.toFixed(3)} +- ${std[categoryIndex]!.toFixed(3)}`;
      assert.equal(said, `${first}\nmutual information ${mutualInformation.toFixed(3)} nats\n`);
      assert.deepEqual(server.reads.length, 1);
      assert.equal(await example('infer_sequence', '--url', server.url), said);
      assert.equal(server.reads.length, 1, 'what is there is not fetched again');
    } finally {
      await server.close();
    }
  });

  it('optimize and save', async () => {
    const said = await example('optimize_and_save', '--model', model);
    assert.match(said, /^a face that does not move: \w+ 0\.\d{3}\n$/);
    const { format, optimized } = JSON.parse(
      readFileSync(path('parent_dir', 'optimized_model', 'optimized_pstbln.json'), 'utf8'),
    );
    assert.deepEqual([format, optimized], ['onnx', true]);
  });
});

const RECIPE = `
name: drawn
window: { ages_seconds: [1, 0.07, 0.03, 0], sequence_frames: [0, -3, -2, -1] }
network: { topology: [1], block_size: 4 }
training: { epochs: 3, batch_size: 16 }
`;

/** A stand-in for Slurm's command: it runs what it is given at once, each task of an array after the other. */
const SBATCH = `#!/bin/bash
set -euo pipefail
range=0-0
for argument in "$@"; do
  case "$argument" in
    --array=*) range=\${argument#*=} ;;
    --output=*) output=\${argument#*=} ;;
    --wrap=*) command=\${argument#*=} ;;
    --cpus-per-task=*) export SLURM_CPUS_PER_TASK=\${argument#*=} ;;
    --dependency=*) [ "$argument" = --dependency=afterok:17 ] ;;
  esac
done
echo "17;cluster"
for index in $(seq \${range%-*} \${range#*-}); do
  SLURM_ARRAY_TASK_ID=$index sh -c "$command" > "\${output/\\%a/$index}" 2>&1
done
`;

describe('the examples for clusters', { skip }, () => {
  before(() => {
    writeDrawnTree(path('volume', 'landmarks'), 4, 1);
    writeFileSync(path('recipe.yaml'), RECIPE);
  });

  it('for Slurm submits an array of folds, then gathers', async () => {
    const script = join(root, 'examples', 'slurm_cross_validation.sh');
    const { status, stderr } = spawnSync('bash', ['-n', script], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    mkdirSync(path('bin'));
    writeFileSync(path('bin', 'sbatch'), SBATCH, { mode: 0o755 });
    const results = path('slurm results');
    const ended = await run('bash', [script], root, {
      PATH: `${path('bin')}:${process.env.PATH}`,
      RESULTS: results,
      LANDMARKS: path('volume', 'landmarks'),
      RECIPE: path('recipe.yaml'),
      FOLDS: '2',
      CPUS: '1',
    });
    const logs = () => readdirSync(results).filter((name) => name.endsWith('.log'));
    const said = () => logs().map((name) => readFileSync(join(results, name), 'utf8'));
    assert.equal(ended.status, 0, `${ended.stderr}\n${said().join('\n')}`);
    assert.deepEqual(logs(), ['fold-0.log', 'fold-1.log', 'gather.log']);
    const report = JSON.parse(readFileSync(join(results, 'report.json'), 'utf8'));
    assert.equal(report.samples, 12);
    assert.equal(report.folds.length, 2);
    assert.ok(existsSync(join(results, 'report.html')));
  });

  it('for Slurm says what it needs', () => {
    const { status, stderr } = spawnSync('bash', [join(root, 'examples', 'slurm_cross_validation.sh')], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    });
    assert.notEqual(status, 0);
    assert.match(stderr, /RESULTS: a folder for the answers of the folds/);
  });

  it('for Kubernetes has a Job of one pod a fold, and one that gathers; their commands work', async () => {
    const text = readFileSync(join(root, 'examples', 'kubernetes_cross_validation.yaml'), 'utf8');
    const documents = parseAllDocuments(text);
    for (const { errors } of documents) assert.deepEqual(errors, []);
    const [folds, gather] = documents.map((document) => document.toJS());
    for (const { apiVersion, kind } of [folds, gather]) assert.deepEqual([apiVersion, kind], ['batch/v1', 'Job']);
    assert.equal(folds.spec.completionMode, 'Indexed');
    assert.equal(gather.spec.suspend, true);
    const container = (job: typeof folds) => job.spec.template.spec.containers[0];
    const start = async (job: typeof folds, env: NodeJS.ProcessEnv): Promise<string> => {
      const [shell, flag, command]: string[] = container(job).command;
      assert.ok(command!.includes(`--folds ${folds.spec.completions} `), 'as many folds as pods');
      for (const { name, value } of container(job).env) assert.ok(name !== 'RECIPE' || existsSync(join(root, value)));
      const short = command!.replaceAll('/data', path('volume')).replace(/--folds \d+/, '--folds 2');
      const { status, stdout, stderr } = await run(shell!, [flag!, short], root, {
        RECIPE: path('recipe.yaml'),
        ...env,
      });
      assert.equal(status, 0, stderr);
      return stdout;
    };
    for (const index of ['0', '1']) await start(folds, { JOB_COMPLETION_INDEX: index });
    const report = JSON.parse(await start(gather, {}));
    assert.equal(report.samples, 12);
    assert.ok(existsSync(path('volume', 'folds', 'report.html')));
  });
});

describe('the package', () => {
  it('ships the examples that its documentation links to', () => {
    const { files }: { files: string[] } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    assert.ok(files.includes('examples'));
  });
});
