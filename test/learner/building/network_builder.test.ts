import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { InvalidInputError } from '../../../src/errors.js';
import type { LearnerOptions } from '../../../src/learner/options.js';
import { ProgressiveSpatioTemporalBLNLearner } from '../../../src/learner/progressive_spatio_temporal_bln_learner.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { DIRECTION_CLASSES, DIRECTION_POINTS, directions } from '../../support/directions.js';
import { temporaryFolder } from '../../support/folders.js';

const folder = temporaryFolder();
const training = directions(60, 1);
const validation = directions(30, 2);
const silent = { silent: true, weightDecay: 1e-3, mcdoRepeats: 5 };

const options = (name: string, changes: LearnerOptions = {}): LearnerOptions => ({
  blockSize: 2,
  numPoint: DIRECTION_POINTS,
  numClass: 3,
  classes: [...DIRECTION_CLASSES],
  epochs: 3,
  batchSize: 20,
  lr: 0.05,
  numLayers: 2,
  numBlocks: 3,
  blockThreshold: 0.05,
  layerThreshold: 0.05,
  device: 'cpu',
  threads: 1,
  seed: 3,
  tempPath: join(folder.path, name),
  experimentName: 'built',
  ...changes,
});

const checkpoints = (name: string) => join(folder.path, name, 'built_checkpoints');
const record = (name: string) => JSON.parse(readFileSync(join(checkpoints(name), 'building.json'), 'utf8'));
/** What of a record does not depend on how long it took. */
const decided = (name: string) =>
  record(name).candidates.map(({ seconds: _seconds, ...candidate }: Record<string, unknown>) => candidate);

async function built(name: string, changes: LearnerOptions = {}) {
  const learner = new ProgressiveSpatioTemporalBLNLearner(options(name, changes));
  const topology = await learner.networkBuilder(training, validation, silent);
  const answers = (await learner.infer(validation.data, { mcdoRepeats: 10 })).map(({ mean }) => [...mean]);
  return { learner, topology, answers };
}

describe('progressive building', () => {
  it('grows a topology, writes it, and records every candidate', async () => {
    const { learner, topology } = await built('whole');
    const { candidates, finished } = record('whole');
    assert.equal(finished, true);
    assert.deepEqual(candidates[0].topology, [1]);
    assert.ok(candidates.length >= 3);
    for (const candidate of candidates) {
      assert.ok(
        candidate.train_loss > 0 && candidate.val_loss > 0 && candidate.parameters > 0 && candidate.reason !== '',
      );
    }
    assert.deepEqual(topology, candidates.filter(({ kept }: { kept: boolean }) => kept).at(-1).topology);
    assert.deepEqual(learner.topology, topology);
    assert.equal(learner.candidates.length, candidates.length);
    await learner.release();
  });

  it('writes Topology.npy as whole numbers', async () => {
    const { topology } = record('whole');
    const bytes = readFileSync(join(folder.path, 'whole', 'Topology.npy'));
    assert.match(bytes.toString('latin1'), /'descr': '<i8'/);
    const numbers = Array.from({ length: topology.length }, (_, i) =>
      Number(bytes.readBigInt64LE(bytes.length - 8 * (topology.length - i))),
    );
    assert.deepEqual(numbers, topology);
  });

  it('leaves the checkpoints of kept candidates, named by layers and blocks', () => {
    const kept = record('whole').candidates.filter(({ kept: isKept }: { kept: boolean }) => isKept);
    const expected = kept.map(
      ({ topology }: { topology: number[] }) => `built-${topology.length}-${topology.at(-1)}.pt`,
    );
    const found = readdirSync(checkpoints('whole')).filter((file) => file.endsWith('.pt'));
    assert.deepEqual(found.sort(), expected.sort());
  });

  it('ends with exactly the weights of the last kept candidate, also after a rejected one', async () => {
    const { candidates, topology } = record('whole');
    assert.ok(
      candidates.some(({ kept }: { kept: boolean }) => !kept),
      'a candidate has to be rejected here',
    );
    const { answers, learner } = await built('whole');
    const loaded = new ProgressiveSpatioTemporalBLNLearner({ seed: 3, device: 'cpu', threads: 1 });
    await loaded.load(checkpoints('whole'), `built-${topology.length}-${topology.at(-1)}`, false);
    assert.deepEqual(
      (await loaded.infer(validation.data, { mcdoRepeats: 10 })).map(({ mean }) => [...mean]),
      answers,
    );
    await learner.release();
    await loaded.release();
  });

  it('answers after it as the saved model does', async () => {
    const { learner, answers } = await built('whole');
    await learner.save(join(folder.path, 'saved'), 'model', false);
    const loaded = new ProgressiveSpatioTemporalBLNLearner({ seed: 3, device: 'cpu', threads: 1 });
    await loaded.load(join(folder.path, 'saved'), 'model', false);
    assert.deepEqual(
      (await loaded.infer(validation.data, { mcdoRepeats: 10 })).map(({ mean }) => [...mean]),
      answers,
    );
    await learner.release();
    await loaded.release();
  });

  it('goes by the validation loss where asked, and refuses to without validation data', async () => {
    const { learner } = await built('by_validation', { criterion: 'val_loss' });
    await learner.release();
    const kept = record('by_validation').candidates.filter(({ kept: isKept }: { kept: boolean }) => isKept);
    for (let i = 1; i < kept.length; i++) {
      if (kept[i].block > 0) assert.ok(kept[i].val_loss < kept[i - 1].val_loss * 0.95);
    }
    const without = new ProgressiveSpatioTemporalBLNLearner(options('without', { criterion: 'val_loss' }));
    await assert.rejects(without.networkBuilder(training, null, silent), /criterion is "val_loss".*validation data/);
  });

  it('does not go on from a run with other options or data, and says which differ', async () => {
    const other = new ProgressiveSpatioTemporalBLNLearner(options('whole', { lr: 0.06 }));
    await assert.rejects(
      other.networkBuilder(training, validation, silent),
      (error) =>
        error instanceof InvalidInputError && /lr is 0\.06, expected 0\.05.*building\.json/.test(error.message),
    );
    const data = new ProgressiveSpatioTemporalBLNLearner(options('whole'));
    await assert.rejects(
      data.networkBuilder(directions(60, 9), validation, silent),
      /trainingData is .*building\.json/,
    );
  });

  it('refuses a damaged record by name', async () => {
    await (await built('damaged')).learner.release();
    const path = join(checkpoints('damaged'), 'building.json');
    const whole = readFileSync(path, 'utf8');
    for (const text of [whole.slice(0, 200), '', whole.replace('"train_loss"', '"train_lost"'), '[]']) {
      writeFileSync(path, text);
      await assert.rejects(
        built('damaged'),
        (error) => error instanceof InvalidInputError && error.message.includes('building.json'),
      );
    }
  });

  it('stops when aborted, and goes on from there to the same end', async () => {
    const { answers, learner } = await built('undisturbed');
    await learner.release();
    const controller = new AbortController();
    const stopped = new ProgressiveSpatioTemporalBLNLearner(options('aborted'));
    await assert.rejects(
      stopped.networkBuilder(training, validation, { ...silent, signal: controller.signal }, () => controller.abort()),
      { name: 'AbortError' },
    );
    assert.equal(record('aborted').finished, false);
    const resumed = await built('aborted');
    await resumed.learner.release();
    assert.deepEqual(decided('aborted'), decided('undisturbed'));
    assert.deepEqual(resumed.answers, answers);
  });

  it('ends as an undisturbed run after being killed again and again', { timeout: 280_000 }, async () => {
    const script = fileURLToPath(new URL('build_in_process.js', import.meta.url));
    const random = new SeededRandom(Date.now());
    /** Whether it came to its end before it was killed. */
    const run = (name: string, killAfterMilliseconds: number | null): Promise<boolean> =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [script, join(folder.path, name)], { stdio: 'inherit' });
        const kill = () => child.kill('SIGKILL');
        const timer = killAfterMilliseconds === null ? null : setTimeout(kill, killAfterMilliseconds);
        child.on('error', reject).on('close', (code, signal) => {
          if (timer !== null) clearTimeout(timer);
          if (code !== 0 && signal === null) reject(new Error(`the building failed with exit code ${code}`));
          else resolve(code === 0);
        });
      });
    const started = performance.now();
    assert.equal(await run('in_process', null), true);
    const whole = performance.now() - started;
    let kills = 0;
    // Wide enough to come past start-up, short enough that many runs are needed.
    while (kills < 10 && !(await run('killed', (0.15 + 0.4 * random.uniform()) * whole))) kills++;
    assert.equal(await run('killed', null), true);
    assert.ok(kills >= 2, `${kills} kills`);
    assert.deepEqual(decided('killed'), decided('in_process'));
    const { topology } = record('in_process');
    const file = `built-${topology.length}-${topology.at(-1)}.pt`;
    assert.deepEqual(
      readFileSync(join(checkpoints('killed'), file)),
      readFileSync(join(checkpoints('in_process'), file)),
    );
    for (const folderName of [checkpoints('killed'), join(folder.path, 'killed')]) {
      assert.deepEqual(
        readdirSync(folderName).filter((name) => name.endsWith('.partial')),
        [],
      );
    }
    assert.ok(existsSync(join(folder.path, 'killed', 'Topology.npy')));
  });
});
