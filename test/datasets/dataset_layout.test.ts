import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkDatasetLayout, classOrder } from '../../src/datasets/dataset_layout.js';

describe('the order of classes', () => {
  it("is the dataset's, so that labels are the reference's, then that of other folders", () => {
    const ck = ['Surprise', 'Contempt', 'Angry', 'Happy', 'Disgust', 'Sad', 'Fear'];
    assert.deepEqual(classOrder(ck, 'CK+'), ['Angry', 'Fear', 'Happy', 'Sad', 'Surprise', 'Disgust', 'Contempt']);
    assert.deepEqual(classOrder(['Happy', 'Angry'], 'AFEW'), ['Angry', 'Fear', 'Sad', 'Happy']);
    assert.deepEqual(classOrder(['Smile', 'Frown', 'Smile'], 'CASIA'), ['Frown', 'Smile']);
    assert.deepEqual(classOrder(['Sad', 'Angry'], 'mine'), ['Angry', 'Sad']);
  });
});

describe('the layout of a dataset', () => {
  const check = (folder: string, dataset: 'AFEW' | 'CK+' | 'CASIA') => () =>
    checkDatasetLayout([{ folder, names: ['1.jpg'] }], dataset, 'root');

  it('is by subject and class, with or without a folder for each sequence, or by Train, Val, class and clip', () => {
    for (const folder of ['S1/Happy', 'S1/Happy/001']) assert.doesNotThrow(check(folder, 'CK+'));
    for (const folder of ['Train/Happy/0001', 'val/Sad/2']) assert.doesNotThrow(check(folder, 'AFEW'));
  });

  it('is told where it is another one', () => {
    assert.throws(check('Happy', 'CASIA'), /"Happy", expected SUBJECT\/CLASS.*root/);
    assert.throws(check('Test/Happy/1', 'AFEW'), /"Test\/Happy\/1", expected Train\|Val\/CLASS\/CLIP/);
    assert.throws(check('', 'AFEW'), /Train/);
  });
});
