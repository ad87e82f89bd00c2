import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { modelLocation } from '../../../src/learner/checkpoint/model_location.js';
import { packageRoot } from '../../../src/package_root.js';

describe('modelLocation', () => {
  for (const { model, directory, name } of [
    { model: 'default', directory: join(packageRoot(), 'models'), name: 'default' },
    { model: './mine', directory: '.', name: 'mine' },
    { model: 'folder/mine', directory: 'folder', name: 'mine' },
    { model: 'folder/mine.pt', directory: 'folder', name: 'mine' },
    { model: '/models/ck/best', directory: '/models/ck', name: 'best' },
  ]) {
    it(`takes ${model} for ${name} in ${directory}`, () => {
      assert.deepEqual(modelLocation(model), { directory, name });
    });
  }
});
