import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { parseBoxesCsv, readBoxesCsv } from '../../../src/perception/dlib/boxes_csv.js';
import { temporaryFolder } from '../../support/folders.js';

const box = (left: number, top: number, right: number, bottom: number) => ({ left, top, right, bottom });

describe('parseBoxesCsv', () => {
  for (const { name, text, boxes } of [
    { name: 'lines alone', text: 'a.png,1,2,30,40\n', boxes: [{ image: 'a.png', box: box(1, 2, 30, 40) }] },
    {
      name: 'names of columns, spaces, Windows lines, a byte order mark and empty lines',
      text: '\uFEFFImage, left, top, right, bottom\r\n\r\nS1/a b.png, 1 ,2,30,40\r\n\r\n',
      boxes: [{ image: 'S1/a b.png', box: box(1, 2, 30, 40) }],
    },
    {
      name: 'several boxes of an image, partly outside of it, fractions',
      text: 'a,-5,-6,30,40\na,+1,2.5,3.0,40',
      boxes: [
        { image: 'a', box: box(-5, -6, 30, 40) },
        { image: 'a', box: box(1, 2.5, 3, 40) },
      ],
    },
    {
      name: 'a quoted name with a comma and a quote',
      text: '"a, ""b"".png",1,2,3,4',
      boxes: [{ image: 'a, "b".png', box: box(1, 2, 3, 4) }],
    },
    { name: 'a box of one pixel', text: 'a,1,2,1,2', boxes: [{ image: 'a', box: box(1, 2, 1, 2) }] },
  ]) {
    it(`reads ${name}`, () => assert.deepEqual(parseBoxesCsv(text, 'boxes.csv'), boxes));
  }

  for (const { name, text, words } of [
    { name: 'nothing', text: '', words: 'the boxes is "empty", expected lines of image,left,top,right,bottom' },
    { name: 'names of columns alone', text: 'image,left,top,right,bottom\n', words: 'the boxes is "empty"' },
    { name: 'other columns', text: 'image,x,y,w,h\na,1,2,3,4', words: 'left is "x", expected a number of pixels' },
    { name: 'a missing value', text: 'a,1,2,3,4\nb,1,2,3', words: 'the line is "b,1,2,3", expected 5 values' },
    { name: 'a value too many', text: 'a,1,2,3,4,5', words: 'the line is "a,1,2,3,4,5", expected 5 values' },
    { name: 'an empty value', text: 'a,1,,3,4', words: 'top is "", expected a number of pixels' },
    { name: 'a word', text: 'a,1,2,NaN,4', words: 'right is "NaN", expected a number of pixels' },
    { name: 'no image', text: ',1,2,3,4', words: 'image is "", expected an image' },
    { name: 'a box that is turned over', text: 'a,5,2,3,4', words: 'right is 3, expected at least left, which is 5' },
    { name: 'one that stands on its head', text: 'a,1,9,3,4', words: 'bottom is 4, expected at least top, which is 9' },
    { name: 'one that is far too large', text: 'a,1,9,99999999999,10', words: 'right is 99999999999, expected from' },
    { name: 'semicolons', text: 'a;1;2;3;4', words: 'the line is "a;1;2;3;4", expected 5 values' },
  ]) {
    it(`refuses ${name}, with the file and the line`, () => {
      assert.throws(
        () => parseBoxesCsv(text, 'boxes.csv'),
        (error) =>
          error instanceof InvalidInputError && error.message.startsWith(words) && error.message.includes('boxes.csv'),
      );
    });
  }

  it('counts lines from 1', () => {
    assert.throws(() => parseBoxesCsv('image,left,top,right,bottom\n\na,1,2,x,4', 'boxes.csv'), /boxes\.csv, line 3/);
  });
});

describe('readBoxesCsv', () => {
  const folder = temporaryFolder();
  it('reads a file, and names one that is missing', async () => {
    const path = join(folder.path, 'boxes.csv');
    writeFileSync(path, 'a.png,1,2,30,40\n');
    assert.deepEqual(await readBoxesCsv(path), [{ image: 'a.png', box: box(1, 2, 30, 40) }]);
    await assert.rejects(readBoxesCsv(`${path}x`), /the boxes is ".*boxes\.csvx", expected a readable file \(ENOENT\)/);
  });
});
