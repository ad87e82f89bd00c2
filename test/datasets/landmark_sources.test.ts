import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { type LandmarkSource, readLandmarkSources } from '../../src/datasets/landmark_sources.js';
import { npyBytes } from '../../src/datasets/npy.js';
import { InvalidInputError } from '../../src/errors.js';
import { drawnFace, writeDrawnTree } from '../support/faces.js';
import { temporaryFolder } from '../support/folders.js';

const folder = temporaryFolder();
const path = (...names: string[]) => join(folder.path, ...names);

function writeFaces(file: string, count: number, missing: readonly number[] = [], dims?: number[]): void {
  const values = Float32Array.from({ length: count * 136 }, (_, i) =>
    missing.includes(Math.floor(i / 136)) ? Number.NaN : drawnFace()[i % 136]!,
  );
  writeFileSync(file, npyBytes({ dims: dims ?? [count, 68, 2], values }));
}

const labels = (...lines: string[]) => writeFileSync(path('wild', 'labels.csv'), lines.join('\n'));

const refused = (sources: readonly LandmarkSource[], words: RegExp) =>
  assert.throws(
    () => readLandmarkSources(sources),
    (error) => {
      assert.ok(error instanceof InvalidInputError, String(error));
      assert.match(error.message, words);
      return true;
    },
  );

beforeEach(() => {
  rmSync(path('wild'), { recursive: true, force: true });
  mkdirSync(path('wild'));
  writeFaces(path('wild', 'dlib.npy'), 3, [1]);
  writeFaces(path('wild', 'face_mesh.npy'), 3, [1, 2]);
  labels('row,class,subject', '0,Happy,p', '1,Sad,q', '2,Neutral,p');
});

describe('stills', () => {
  it('are recordings that each extractor saw which found the face; a still that none found is left out', () => {
    const recordings = readLandmarkSources([{ stills: path('wild') }]);
    const seen = recordings.map(({ kind, name, subject, category, views }) => [
      kind,
      name,
      subject,
      category,
      [...views.keys()],
    ]);
    assert.deepEqual(seen, [
      ['still', 'wild/0', 'wild/p', 'Happy', ['dlib', 'face_mesh']],
      ['still', 'wild/2', 'wild/p', 'Neutral', ['dlib']],
    ]);
  });

  it('are refused where the folder, its landmarks or its labels are missing', () => {
    refused([{ stills: path('none') }], /the stills is ".*none", expected a readable folder \(ENOENT/);
    rmSync(path('wild', 'labels.csv'));
    refused([{ stills: path('wild') }], /labels\.csv", expected a readable file \(ENOENT.*labels\.csv\)$/);
    rmSync(path('wild', 'dlib.npy'));
    rmSync(path('wild', 'face_mesh.npy'));
    refused([{ stills: path('wild') }], /the stills is ".*wild", expected EXTRACTOR\.npy in it/);
  });

  it('are refused where landmarks have another shape, or another number of faces', () => {
    writeFaces(path('wild', 'dlib.npy'), 3, [], [3, 136]);
    refused([{ stills: path('wild') }], /the shape is \[3,136\], expected \(N, 68, 2\) \(from .*dlib\.npy\)/);
    writeFaces(path('wild', 'dlib.npy'), 3);
    writeFaces(path('wild', 'face_mesh.npy'), 2);
    refused([{ stills: path('wild') }], /the number of faces is 2, expected 3, as .*\(from .*face_mesh\.npy\)/);
  });

  const mistakes: [string[], RegExp][] = [
    [['row;class;subject', '0,Happy,p'], /the first line is "row;class;subject", expected row,class,subject/],
    [['row,class,subject', '0,Happy'], /line 2 is "0,Happy", expected ROW,CLASS,SUBJECT/],
    [['row,class,subject', '0,Happy,p', '3,Sad,p'], /line 3 is "3,Sad,p", .*a row of 0 to 2/],
    [['row,class,subject', '-1,Happy,p'], /line 2 is "-1,Happy,p"/],
    [['row,class,subject', '0.5,Happy,p'], /line 2 is "0\.5,Happy,p"/],
    [['row,class,subject', ',Happy,p'], /line 2 is ",Happy,p"/],
    [['row,class,subject', '0,,p'], /line 2 is "0,,p"/],
    [['row,class,subject', '0,Happy,p,more'], /line 2 is "0,Happy,p,more"/],
  ];
  for (const [lines, words] of mistakes) {
    it(`are refused with the labels ${JSON.stringify(lines.slice(-1))}`, () => {
      labels(...lines);
      refused([{ stills: path('wild') }], words);
    });
  }
});

describe('trees of several extractors', () => {
  it('are views of the same recordings; the same extractor twice is refused', () => {
    writeDrawnTree(path('a'), 2, 1);
    writeDrawnTree(path('b'), 3, 2);
    const recordings = readLandmarkSources([
      { landmarks: path('a'), extractor: 'dlib' },
      { landmarks: path('b'), extractor: 'face_mesh' },
    ]);
    assert.equal(recordings.length, 9);
    assert.equal(recordings.filter(({ views }) => views.size === 2).length, 6);
    const twice = [path('a'), path('b')].map((landmarks) => ({ landmarks, extractor: 'dlib' }));
    refused(twice, /the extractor is "dlib", expected another one than .*a\/S000\/Happy\/001 has \(from .*b\/S000/);
  });

  it('are refused where a folder is missing', () => {
    refused(
      [{ landmarks: path('nowhere'), extractor: 'dlib' }],
      /the folder is ".*nowhere", expected a readable folder/,
    );
  });
});
