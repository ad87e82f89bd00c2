import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { sequenceWindow } from '../../src/datasets/expression_windows.js';
import { readLandmarkTree } from '../../src/datasets/landmark_tree.js';
import { npyBytes } from '../../src/datasets/npy.js';
import { InvalidInputError } from '../../src/errors.js';
import { writeDrawnTree } from '../support/faces.js';
import { temporaryFolder } from '../support/folders.js';

const folder = temporaryFolder();

function sequenceFolder(root: string): string {
  const path = join(folder.path, root, 'S1', 'Happy', '001');
  mkdirSync(path, { recursive: true });
  return path;
}

const face = (value: number) => npyBytes({ dims: [68, 2], values: new Float32Array(136).fill(value) });

describe('a landmark tree', () => {
  it('is read in the order of its names, frames in the order of their numbers', () => {
    const path = sequenceFolder('many_frames');
    for (const frame of [10, 9, 0, 2]) writeFileSync(join(path, `${frame}.npy`), face(frame));
    const [sequence] = readLandmarkTree(join(folder.path, 'many_frames'));
    assert.deepEqual(sequence!.frameNumbers, [0, 2, 9, 10]);
    assert.deepEqual(
      [0, 1, 2, 3].map((i) => sequence!.landmarks[i * 136]),
      [0, 2, 9, 10],
    );
    assert.deepEqual(
      [0, 1, 2].map((i) => sequenceWindow(sequence!, [0, -2, -1])[i * 136]),
      [0, 9, 10],
    );
    assert.throws(() => sequenceWindow(sequence!, [-5]), /number of frames is 4, expected enough to take frame -5/);
  });

  it('tells subjects and classes by their folders', () => {
    writeDrawnTree(join(folder.path, 'drawn'), 2, 1);
    const sequences = readLandmarkTree(join(folder.path, 'drawn'));
    assert.deepEqual(
      sequences.map(({ subject, category }) => `${subject}/${category}`),
      ['S000/Happy', 'S000/Sad', 'S000/Surprise', 'S001/Happy', 'S001/Sad', 'S001/Surprise'],
    );
  });

  const refused: [string, (path: string) => void, RegExp][] = [
    ['no frames', () => undefined, /sequence.*expected files named 0\.npy/],
    [
      'frames of another shape',
      (path) => writeFileSync(join(path, '0.npy'), npyBytes({ dims: [51, 2], values: new Float32Array(102) })),
      /shape is \[51,2\], expected \(68, 2\).*0\.npy/,
    ],
    [
      'a landmark that is not a number',
      (path) => writeFileSync(join(path, '3.npy'), face(Number.NaN)),
      /landmark.*finite.*3\.npy/,
    ],
    ['a frame that is no array', (path) => writeFileSync(join(path, '1.npy'), 'text'), /NUMPY.*1\.npy/],
  ];
  for (const [what, write, message] of refused) {
    it(`with ${what} is refused by name`, () => {
      const root = what.replaceAll(' ', '_');
      write(sequenceFolder(root));
      assert.throws(
        () => readLandmarkTree(join(folder.path, root)),
        (error) => error instanceof InvalidInputError && message.test(error.message),
      );
    });
  }

  it('that is not there, or empty, is refused by name', () => {
    assert.throws(() => readLandmarkTree(join(folder.path, 'nowhere')), /nowhere/);
    mkdirSync(join(folder.path, 'hollow'));
    assert.throws(() => readLandmarkTree(join(folder.path, 'hollow')), /hollow.*SUBJECT\/CLASS\/SEQUENCE/);
  });
});
