import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { readModel, readNetworkModel, writeModel } from '../../../src/learner/checkpoint/model_directory.js';
import { damagedFiles, readDamaged } from '../../support/damage.js';
import { temporaryFolder } from '../../support/folders.js';
import { smallShape, testParams, trainedLookingNetwork } from '../../support/networks.js';

const folder = temporaryFolder();
const shape = smallShape({ topology: [2, 1], blockSize: 2 });
const params = testParams(shape, { temperature: 0.123456789 });
const path = (name: string) => join(folder.path, name);
before(() => writeModel(folder.path, 'model', trainedLookingNetwork(shape, 3), params, { lr: 0.1 }));

/** Changes the metadata and returns the path of the changed file. */
function rewriteMetadata(name: string, change: (metadata: Record<string, unknown>) => void): string {
  const metadata = JSON.parse(readFileSync(path('model.json'), 'utf8')) as Record<string, unknown>;
  change(metadata);
  writeFileSync(path(`${name}.json`), JSON.stringify(metadata));
  return path(`${name}.json`);
}

const refusedBy = (file: string, message: RegExp) => (error: unknown) =>
  error instanceof InvalidInputError && message.test(error.message) && error.message.includes(file);

describe('a model in a folder', () => {
  it('is read as it was written', async () => {
    const model = await readNetworkModel(folder.path, 'model');
    assert.deepEqual(model.params, params);
    assert.deepEqual(model.state.parameters, trainedLookingNetwork(shape, 3).parameters);
  });

  it('with damaged metadata is refused by name', async () => {
    const intact = readFileSync(path('model.json'));
    const read = async (bytes: Buffer) => {
      writeFileSync(path('damaged.json'), bytes);
      return (await readModel(folder.path, 'damaged')).params;
    };
    const refused = await readDamaged(damagedFiles(intact, 1, 100), path('damaged.json'), read, params);
    assert.ok(refused > 0.8, `${refused} refused`);
  });

  it('with damaged weights is refused by name', async () => {
    const intact = readFileSync(path('model.pt'));
    rewriteMetadata('other', (metadata) => {
      metadata.model_paths = ['damaged.pt'];
      delete (metadata.inference_params as Record<string, unknown>).sha256;
    });
    const read = async (bytes: Buffer) => {
      writeFileSync(path('damaged.pt'), bytes);
      const model = await readNetworkModel(folder.path, 'other');
      return { parameters: model.state.parameters, statistics: model.state.statistics };
    };
    const refused = await readDamaged(damagedFiles(intact, 2, 100), path('damaged.pt'), read, await read(intact));
    assert.ok(refused > 0.5, `${refused} refused`);
  });

  it('whose metadata were changed is refused until their checksum is taken out', async () => {
    const temperature = (value: number, checked: boolean) => (metadata: Record<string, unknown>) => {
      const { sha256, ...others } = metadata.inference_params as Record<string, unknown>;
      metadata.inference_params = { ...others, temperature: value, ...(checked ? { sha256 } : {}) };
    };
    const changed = rewriteMetadata('changed', temperature(2, true));
    await assert.rejects(readModel(folder.path, 'changed'), refusedBy(changed, /inference_params\.sha256/));
    rewriteMetadata('changed', temperature(2, false));
    assert.equal((await readModel(folder.path, 'changed')).params.temperature, 2);
  });

  it('whose metadata contradict the weights is refused by both names', async () => {
    const changed = rewriteMetadata('contradicts', (metadata) => {
      metadata.inference_params = { ...params, topology: [2, 2] };
    });
    await assert.rejects(readModel(folder.path, 'contradicts'), refusedBy(changed, /topology is "2,2".*model\.pt/));
  });
});

describe('a model that OpenDR wrote', () => {
  const untold = { classes: params.classes, block_size: 2, num_frames: 5, dataset_name: 'AFEW' };
  const openDR = () =>
    rewriteMetadata('opendr', (metadata) => {
      metadata.inference_params = {};
      metadata.optimizer_info = {};
    });

  it('is read with what the learner knows', async () => {
    openDR();
    const { params: read } = await readModel(folder.path, 'opendr', untold);
    assert.deepEqual(read, { ...params, dataset_name: 'AFEW', temperature: 1 });
  });

  it('is refused where that is missing, or contradicts the weights', async () => {
    const file = openDR();
    await assert.rejects(readModel(folder.path, 'opendr'), refusedBy(file, /block_size is missing/));
    const { num_frames: _, ...noFrames } = untold;
    await assert.rejects(readModel(folder.path, 'opendr', noFrames), refusedBy(file, /num_frames is missing/));
    const twoClasses = { ...untold, classes: ['a', 'b'] };
    await assert.rejects(readModel(folder.path, 'opendr', twoClasses), refusedBy(file, /classes is 2.*expected 4/));
  });
});
