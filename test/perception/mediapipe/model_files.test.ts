import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { readModelFile } from '../../../src/perception/mediapipe/model_files.js';
import { temporaryFolder } from '../../support/folders.js';

const installed = dirname(createRequire(import.meta.url).resolve('@mediapipe/face_mesh/package.json'));
const ASSETS = 'face_mesh_solution_packed_assets.data';
const LOADER = 'face_mesh_solution_packed_assets_loader.js';

describe('readModelFile', () => {
  const folder = temporaryFolder();

  /** The package's files, to be damaged. */
  function copied(name: string): string {
    const path = join(folder.path, name);
    mkdirSync(path);
    for (const file of [ASSETS, LOADER]) copyFileSync(join(installed, file), join(path, file));
    return path;
  }

  function refusal(path: string): InvalidInputError {
    try {
      readModelFile('face_landmark', path);
    } catch (error) {
      assert.ok(error instanceof InvalidInputError, String(error));
      return error;
    }
    return assert.fail('nothing was refused');
  }

  it('finds each model where the loader says', () => {
    const identifier = (bytes: Uint8Array) => Buffer.from(bytes.subarray(4, 8)).toString();
    const sizes = (['face_detection_short_range', 'face_landmark', 'face_landmark_with_attention'] as const).map(
      (model) => {
        const { bytes, origin } = readModelFile(model);
        assert.equal(identifier(bytes), 'TFL3');
        assert.ok(origin.includes(ASSETS) && origin.endsWith(`${model}.tflite`), origin);
        return bytes.length;
      },
    );
    assert.deepEqual(sizes, [229_032, 1_241_896, 2_495_952]);
  });

  it('says which file is missing and how to get it back', () => {
    const error = refusal(join(folder.path, 'nowhere'));
    assert.ok(error.message.includes(join(folder.path, 'nowhere', LOADER)), error.message);
    assert.match(error.message, /'npm ci' brings it back/);
  });

  it('refuses a package that is cut short', () => {
    const path = copied('short');
    truncateSync(join(path, ASSETS), 3_000_000);
    assert.match(refusal(path).message, /the size is 3000000, expected 3986256 bytes/);
  });

  it('refuses a loader without a list, or with one that cannot be', () => {
    const path = copied('list');
    writeFileSync(join(path, LOADER), 'nothing of the kind');
    assert.match(refusal(path).message, /the list of packed files is missing/);
    const list = (start: number, end: number, name = 'face_landmark.tflite') =>
      `loadPackage({"files": [{"filename": "/x/${name}", "start": ${start}, "end": ${end}}], "remote_package_size": 3986256})`;
    writeFileSync(join(path, LOADER), list(10, 4_000_000));
    assert.match(refusal(path).message, /the range of face_landmark\.tflite is \[10,4000000\]/);
    writeFileSync(join(path, LOADER), list(0, 10, 'other.tflite'));
    assert.match(refusal(path).message, /face_landmark\.tflite among them/);
  });
});
