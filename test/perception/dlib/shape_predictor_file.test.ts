import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { findShapePredictor, readShapePredictor } from '../../../src/perception/dlib/shape_predictor_file.js';
import { predictorBytes } from '../../support/dlib_bytes.js';
import { temporaryFolder } from '../../support/folders.js';

const NAME = 'shape_predictor_68_face_landmarks.dat';
const folder = temporaryFolder();

describe('findShapePredictor', () => {
  it('finds the file in a folder of XDG_DATA_DIRS, and takes the one that is named', () => {
    const file = join(folder.path, 'second', 'dlib', NAME);
    mkdirSync(join(folder.path, 'second', 'dlib'), { recursive: true });
    writeFileSync(file, predictorBytes());
    const XDG_DATA_DIRS = `${join(folder.path, 'first')}:${join(folder.path, 'second')}`;
    assert.equal(findShapePredictor({ XDG_DATA_DIRS }), file);
    assert.equal(findShapePredictor({ XDG_DATA_DIRS, FER_SHAPE_PREDICTOR: 'other.dat' }), 'other.dat');
    assert.equal(findShapePredictor({ XDG_DATA_DIRS: join(folder.path, 'first') }), null);
  });
});

describe('readShapePredictor', () => {
  it('reads a file', async () => {
    const path = join(folder.path, 'small.dat');
    writeFileSync(path, predictorBytes());
    assert.equal((await readShapePredictor(path)).trees, 3);
  });

  it('names a file that is missing, a folder, and a file that is none of dlib', async () => {
    await assert.rejects(readShapePredictor(join(folder.path, 'none.dat')), /none\.dat.*ENOENT/);
    await assert.rejects(readShapePredictor(folder.path), /dlib's shape predictor is ".*", expected a file/);
    const path = join(folder.path, 'other.dat');
    writeFileSync(path, 'not a model');
    await assert.rejects(readShapePredictor(path), /the version of the shape predictor .*other\.dat/);
  });

  it('says how to get a file where there is none', async () => {
    const { XDG_DATA_DIRS, FER_SHAPE_PREDICTOR } = process.env;
    try {
      process.env.XDG_DATA_DIRS = folder.path;
      delete process.env.FER_SHAPE_PREDICTOR;
      await assert.rejects(readShapePredictor(), /"missing".*apt-get install libdlib-data.*FER_SHAPE_PREDICTOR/);
    } finally {
      for (const [name, value] of Object.entries({ XDG_DATA_DIRS, FER_SHAPE_PREDICTOR })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });
});
