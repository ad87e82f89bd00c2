import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { findOpenCv, isOpenCvInstalled, loadOpenCv } from '../../../src/camera/opencv/opencv_module.js';
import { InvalidInputError } from '../../../src/errors.js';
import { temporaryFolder } from '../../support/folders.js';

const folder = temporaryFolder();

/** A folder with a package in its node_modules, whose addon is this text. */
function placeWith(name: string, packageName: string): { place: string; addon: string } {
  const place = join(folder.path, name);
  const built = join(place, 'node_modules', packageName, 'build', 'Release');
  mkdirSync(built, { recursive: true });
  const addon = join(built, 'opencv4nodejs.node');
  writeFileSync(addon, 'no addon');
  return { place, addon };
}

describe('opencv4nodejs', () => {
  it('is missed by the command that builds it', () => {
    const places = [join(folder.path, 'nothing')];
    assert.equal(isOpenCvInstalled(places), false);
    assert.throws(
      () => findOpenCv('--image-backend', places),
      (error) => {
        assert.ok(error instanceof InvalidInputError);
        assert.match(error.message, /is "opencv".*npm run setup:opencv.*from --image-backend/);
        return true;
      },
    );
  });

  it('is found under its own name and that of its fork, in the folders above too', () => {
    const [own, fork] = [placeWith('own', 'opencv4nodejs'), placeWith('fork', '@u4/opencv4nodejs')];
    assert.equal(findOpenCv('a test', [join(folder.path, 'nothing'), join(own.place, 'deep', 'down')]), own.addon);
    assert.equal(findOpenCv('a test', [fork.place]), fork.addon);
  });

  it('is refused by its file where it cannot be loaded', () => {
    const { addon } = placeWith('broken', 'opencv4nodejs');
    assert.throws(() => loadOpenCv(addon), /addon is ".*broken.*expected one that loads.*npm run setup:opencv/s);
  });
});
