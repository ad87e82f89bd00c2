import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../src/errors.js';
import { packageFolder, requirePackage } from '../../src/perception/installed_package.js';

describe('an installed package', () => {
  it('is found', () => {
    assert.ok(existsSync(join(packageFolder('face-api.js'), 'model')));
    assert.equal(typeof (requirePackage('@tensorflow/tfjs') as { setBackend: unknown }).setBackend, 'function');
  });

  it('is named where it is missing, with what brings it', () => {
    for (const get of [packageFolder, requirePackage]) {
      assert.throws(
        () => get('@nobody/nothing'),
        (error) => error instanceof InvalidInputError && /@nobody\/nothing is.*missing.*npm ci/.test(error.message),
      );
    }
  });
});
