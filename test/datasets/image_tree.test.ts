import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { labelsOfImages, listImageTree } from '../../src/datasets/image_tree.js';
import { InvalidInputError } from '../../src/errors.js';
import { temporaryFolder } from '../support/folders.js';

const folder = temporaryFolder();
let root = '';
let trees = 0;

/** Only names matter: nothing here reads an image. */
function add(...paths: string[]): void {
  for (const path of paths) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
  }
}

const refused = (work: () => unknown, words: RegExp) =>
  assert.throws(work, (error) => error instanceof InvalidInputError && words.test(error.message));

beforeEach(() => {
  root = join(folder.path, String(trees++));
  mkdirSync(root);
});

describe('a tree of images', () => {
  it('holds sequences and stills, each in natural order, and nothing of other files', () => {
    add(
      'S1/Happy/2/f_0.png',
      'S1/Happy/2/f_10.PNG',
      'S1/Happy/2/f_9.png',
      'S1/Happy/2/notes.txt',
      'S1/Happy/.hidden/x',
    );
    add('Sad/10.jpg', 'Sad/2.jpeg', 'Sad/.cover.jpg', 'LICENSE.txt');
    const samples = listImageTree(root).map(({ kind, category, path, files, frameNumbers }) => ({
      kind,
      category,
      path: relative(root, path),
      files: files.map((file) => relative(path, file)),
      frameNumbers,
    }));
    assert.deepEqual(samples, [
      {
        kind: 'sequence',
        category: 'Happy',
        path: 'S1/Happy/2',
        files: ['f_0.png', 'f_9.png', 'f_10.PNG'],
        frameNumbers: [0, 9, 10],
      },
      { kind: 'still', category: 'Sad', path: 'Sad/2.jpeg', files: [''], frameNumbers: [1] },
      { kind: 'still', category: 'Sad', path: 'Sad/10.jpg', files: [''], frameNumbers: [1] },
    ]);
  });

  it('has no neutral face where names have no numbers', () => {
    add('S1/Happy/2/a.png', 'S1/Happy/2/b.png');
    assert.deepEqual(listImageTree(root)[0]!.frameNumbers, [1, 2]);
  });

  it('is refused where it is missing, empty, or where images lie at the wrong depth', () => {
    refused(() => listImageTree(join(root, 'none')), /the folder is ".*none".*readable folder/);
    refused(() => listImageTree(root), /the image tree is .*SUBJECT\/CLASS\/SEQUENCE\/ or CLASS\/ with images in it/);
    mkdirSync(join(root, 'S1/Happy/1'), { recursive: true });
    refused(() => listImageTree(root), /the sequence is ".*S1\/Happy\/1", expected images in it/);
    add('S1/Happy/a.jpg');
    refused(
      () => listImageTree(root),
      /an image is "a\.jpg", expected in SUBJECT\/CLASS\/SEQUENCE\/.*from .*S1\/Happy/,
    );
  });
});

describe('the labels of images', () => {
  it('go by the class folders, whatever their capitals', () => {
    add('S1/HAPPY/1/0.png', 'sad/a.jpg');
    assert.deepEqual([...labelsOfImages(listImageTree(root), ['Sad', 'Angry', 'Happy'])], [2, 0]);
  });

  it('take the very name before one that is alike, and refuse what is unknown or ambiguous', () => {
    add('happy/a.jpg');
    const samples = listImageTree(root);
    assert.deepEqual([...labelsOfImages(samples, ['Happy', 'happy'])], [1]);
    refused(
      () => labelsOfImages(samples, ['Happy', 'HAPPY']),
      /the class is "happy", expected one of the model's: Happy, HAPPY \(from .*happy\)/,
    );
    refused(
      () => labelsOfImages(samples, ['Sad', 'Angry']),
      /the class is "happy", expected one of the model's: Sad, Angry \(from .*happy\)/,
    );
  });
});
