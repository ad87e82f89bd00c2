import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { sequenceWindow } from '../../src/datasets/expression_windows.js';
import { readLabels } from '../../src/datasets/label_file.js';
import { readLandmarkTree } from '../../src/datasets/landmark_tree.js';
import { readNpy } from '../../src/datasets/npy.js';
import { viewSamples } from '../../src/datasets/view_samples.js';
import { readModel } from '../../src/learner/checkpoint/model_directory.js';
import { ExpressionClassifier } from '../../src/learner/expression_classifier.js';
import { clipFiles, clipsMissing } from '../support/clips.js';
import { temporaryFolder } from '../support/folders.js';
import { pstbln } from '../support/pstbln_command.js';
import { codeBlocks } from './markdown.js';

const folder = temporaryFolder();
const blocks = codeBlocks('sh').filter(({ page }) => page === 'docs/prepare.md');

/** Runs the commands of a block, one after another; trainings are cut short. */
function runBlock(index: number, shorten: (line: string) => string = (line) => line): void {
  const lines = blocks[index]!.code.split('\n').filter((line) => line !== '');
  for (const line of lines) {
    const { status, stderr } = pstbln(folder.path, shorten(line.replace(/^npx pstbln /, '')));
    assert.equal(status, 0, `${line}: ${stderr}`);
  }
}

function link(file: string, ...place: string[]): void {
  const target = join(folder.path, ...place);
  mkdirSync(target, { recursive: true });
  symlinkSync(file, join(target, basename(file)));
}

const shapeOf = (path: string) => readNpy(join(folder.path, path)).dims;
const description = (path: string) => JSON.parse(readFileSync(join(folder.path, path, 'dataset.json'), 'utf8'));

describe('the commands in docs/prepare.md, on real clips', { skip: clipsMissing }, () => {
  const clips = clipsMissing ? [] : clipFiles('asl', '.mkv');

  it('are those that are run here', () => assert.equal(blocks.length, 4));

  it('go from a folder of clips to a trained model that a live node can use', async () => {
    for (const [i, clip] of clips.entries()) link(clip, 'clips', `person${i}`, i % 2 === 0 ? 'Happy' : 'Sad');
    runBlock(0, (line) => line.replace(/--epochs \d+/, '--epochs 2 --mcdo-repeats 3'));
    assert.match(readFileSync(join(folder.path, 'landmarks.svg'), 'utf8'), /^<svg .*person0\/Happy\/again/s);
    assert.deepEqual(shapeOf('folds/_train_0.npy'), [6, 2, 5, 51, 1]);
    assert.deepEqual(shapeOf('augmented/_train_0.npy'), [36, 2, 5, 51, 1]);
    const { muscles } = description('muscles');
    assert.deepEqual(shapeOf('muscles/_train_0.npy'), [36, 2, 5, muscles.length, 1]);
    const { params } = await readModel(join(folder.path, 'learned'), 'mine');
    assert.deepEqual(params.classes, ['Happy', 'Sad']);
    assert.deepEqual(params.landmark_extractors, ['face_mesh_attention']);
    assert.deepEqual(params.window!.features.muscles, muscles);

    // What a live node makes of the same landmarks is what was validated on.
    const { values, dims } = readNpy(join(folder.path, 'muscles', '_val_0.npy'));
    const { names } = await readLabels(join(folder.path, 'muscles', '_val_labels_0.pkl'));
    const sequences = readLandmarkTree(join(folder.path, 'landmarks'));
    const windows = names!.map((name) => {
      const sequence = sequences.find(({ path }) => path.endsWith(name))!;
      return sequenceWindow(sequence, params.window!.sequence_frames);
    });
    const views = windows.map((window) => ({ extractor: 'face_mesh_attention', window, ownNeutral: null, label: 0 }));
    assert.equal(views.length, dims[0]);
    assert.deepEqual(viewSamples(views, params.window!.features, 5).data, values);
    const place = { directory: join(folder.path, 'learned'), name: 'mine', device: 'cpu' as const };
    const classifier = await ExpressionClassifier.load(place);
    const [estimate] = await classifier.classify(windows[0]!, 1, { mcdoRepeats: 3, seed: 1 });
    assert.ok(['Happy', 'Sad'].includes(estimate!.category));
    await classifier.release();
  });

  it("do OpenDR's steps for AFEW", async () => {
    const gifs = clipFiles('', '.gif');
    const train = [...clips.slice(0, 3), ...gifs];
    train.forEach((clip, i) => void link(clip, 'data', 'AFEW_videos', 'Train', ['Neutral', 'Angry', 'Happy'][i % 3]!));
    clips
      .slice(3, 6)
      .forEach((clip, i) => void link(clip, 'data', 'AFEW_videos', 'Val', ['Happy', 'Neutral', 'Angry'][i]!));
    runBlock(1);
    assert.deepEqual(shapeOf('data/AFEW_data/Train.npy'), [5, 2, 150, 51, 1]);
    assert.deepEqual(shapeOf('data/AFEW_aug_data/Train.npy'), [70, 2, 150, 51, 1]);
    assert.deepEqual(shapeOf('data/AFEW_aug_data/Val.npy'), [3, 2, 150, 51, 1]);
    const [, , , vertices] = shapeOf('data/AFEW_muscles/Train.npy');
    assert.equal(vertices, description('data/AFEW_muscles').muscles.length);
    const classes = ['Angry', 'Fear', 'Sad', 'Happy', 'Disgust', 'Surprise', 'Neutral'];
    assert.deepEqual(description('data/AFEW_data').classes, classes);
    for (const split of ['Train', 'Val']) {
      const { names, labels } = await readLabels(join(folder.path, 'data', 'AFEW_data', `${split}_labels.pkl`));
      assert.deepEqual(
        names!.map((name) => name.split('/')[0]),
        Array.from(labels, (label) => classes[label]),
      );
    }
  });

  describe('on frames of sequences', () => {
    before(() => {
      // Ten people: the first frame and the last three of clips.
      const { status, stderr } = pstbln(
        folder.path,
        `prepare frames --video-folder ${join(folder.path, 'data', 'AFEW_videos')} --frames-folder all_frames`,
      );
      assert.equal(status, 0, stderr);
      const sources = readdirSync(join(folder.path, 'all_frames'), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.split('/').length === 3)
        .sort();
      for (const dataset of ['CK+', 'CASIA']) {
        for (let person = 0; person < 10; person++) {
          const source = join(folder.path, 'all_frames', sources[person % sources.length]!);
          const target = join(
            folder.path,
            'data',
            dataset,
            `S${person}`,
            ['Surprise', 'Angry', 'Disgust'][person % 3]!,
          );
          mkdirSync(target, { recursive: true });
          const frames = readdirSync(source).sort();
          // Others than those of the person who has the same clip.
          const chosen = [frames[Math.floor(person / 8)]!, ...frames.slice(-3 - person).slice(0, 3)];
          for (const name of chosen) copyFileSync(join(source, name), join(target, `S${person}_001_${name}`));
        }
      }
    });

    for (const [index, dataset, classes] of [
      [2, 'CK+', ['Angry', 'Fear', 'Happy', 'Sad', 'Surprise', 'Disgust']],
      [3, 'CASIA', ['Angry', 'Fear', 'Happy', 'Sad', 'Surprise', 'Disgust']],
    ] as const) {
      it(`do OpenDR's steps for ${dataset}`, () => {
        runBlock(index);
        for (let fold = 0; fold < 10; fold++) {
          const { dims, values } = readNpy(join(folder.path, 'data', `${dataset}_10fold`, `_train_${fold}.npy`));
          assert.deepEqual(dims, [9, 2, 5, 51, 1]);
          for (let row = 0; row < 90; row++) assert.equal(values[row * 51 + 16], 0);
          // With four frames of five, the first one is there twice.
          assert.deepEqual(values.subarray(0, 51), values.subarray(51, 102));
          assert.notDeepEqual(values.subarray(0, 51), values.subarray(102, 153));
          assert.equal(shapeOf(`data/${dataset}_muscles/_val_${fold}.npy`)[0], 1);
        }
        assert.deepEqual(description(`data/${dataset}_10fold`).classes, classes);
        const written = readdirSync(join(folder.path, 'data', `${dataset}_muscles`));
        assert.equal(written.filter((name) => extname(name) === '.pkl').length, 20);
        assert.ok(existsSync(join(folder.path, 'data', `${dataset}_muscles`, 'muscles.json')));
      });
    }
  });
});
