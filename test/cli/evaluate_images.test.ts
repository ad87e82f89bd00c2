import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, beforeEach, describe, it } from 'node:test';
import { shapePredictorFile, shapePredictorMissing } from '../support/dlib.js';
import { copyTo, NO_SHARED_DATA, sharedData, temporaryFolder } from '../support/folders.js';
import { pstbln } from '../support/pstbln_command.js';
import { UNTRAINED_EXTRACTOR, writeUntrainedModel } from '../support/untrained_model.js';

const faces = sharedData('faces');
const folder = temporaryFolder();
const path = (...names: string[]) => join(folder.path, ...names);
const run = (line: string) => pstbln(folder.path, line);

/** The shared data's stills, and the folders that their classes are in, some in other letters than the model's. */
const STILLS: Readonly<Record<string, string>> = {
  angry: 'Angry',
  disgusted: 'disgust',
  fearful: 'FEAR',
  happy: 'Happy',
  neutral: 'Neutral',
  sad: 'Sad',
  surprised: 'Surprise',
};

const copy = (name: string, to: string) => copyTo(join(faces!, `${name}.jpg`), path(to));

describe('pstbln evaluate --images', { skip: faces === null && NO_SHARED_DATA }, () => {
  beforeEach(() => {
    rmSync(path('tree'), { recursive: true, force: true });
    for (const [name, category] of Object.entries(STILLS)) copy(name, `tree/${category}/${name}.jpg`);
  });

  for (const { extractor, skip } of [
    { extractor: '', skip: false },
    { extractor: '--extractor face_mesh', skip: false },
    { extractor: '--extractor face_api', skip: false },
    { extractor: `--shape-predictor ${shapePredictorFile}`, skip: shapePredictorMissing },
  ]) {
    it(`finds the faces of stills, and tells how right the answers are ${extractor}`, { skip }, () => {
      const { status, stdout, stderr } = run(`evaluate --images tree ${extractor} --mcdo-repeats 5 --json`);
      assert.equal(status, 0, stderr);
      assert.match(stderr, /looking at images 7\/7/);
      const report = JSON.parse(stdout);
      assert.equal(report.samples, 7);
      assert.deepEqual([report.faces_missed, report.missed], [0, []]);
      assert.equal(report.accuracy, report.found.accuracy);
      const rows = report.confusion.map((row: number[]) => row.reduce((sum, count) => sum + count));
      const shown = report.classes.map((name: string) => (name === 'Contempt' ? 0 : 1));
      assert.deepEqual(rows, shown);
      const right = report.confusion.reduce((sum: number, row: number[], label: number) => sum + row[label]!, 0);
      assert.ok(Math.abs(report.accuracy - right / 7) < 1e-12);
      assert.ok(Math.abs(report.mean_recall - right / 7) < 1e-12);
    });
  }

  it('takes sequences as well, counts damaged files as wrong, and names them', () => {
    for (const frame of [0, 1, 2, 3]) copy(frame === 0 ? 'neutral' : 'happy', `tree/S1/Happy/1/img_${frame}.jpg`);
    writeFileSync(path('tree', 'Sad', 'broken.jpg'), readFileSync(path('tree', 'Sad', 'sad.jpg')).subarray(0, 200));
    writeFileSync(path('tree', 'Happy', 'empty.png'), '');
    const { status, stdout, stderr } = run('evaluate --images tree --mcdo-repeats 5 --report r.html --json');
    assert.equal(status, 0, stderr);
    const report = JSON.parse(stdout);
    assert.deepEqual([report.samples, report.faces_missed, report.found.samples], [10, 2, 8]);
    const files = report.missed.map(({ file }: { file: string }) => file).toSorted();
    assert.deepEqual(files, ['tree/Happy/empty.png', 'tree/Sad/broken.jpg']);
    assert.ok(Math.abs(report.accuracy * 10 - report.found.accuracy * 8) < 1e-9);
    assert.ok(report.mean_recall <= report.found.mean_recall);
    assert.ok(existsSync(path('r.html')));
    const text = run('evaluate --images tree --mcdo-repeats 5').stdout;
    assert.match(text, /^accuracy 0\.\d{3}, mean recall 0\.\d{3} \(10 samples\)\n/);
    assert.match(text, /\nfaces missed: 2 \(Happy 1, Sad 1\), counted as wrong\nof the 8 found: accuracy [01]\.\d{3}/);
    assert.match(text, /\n {2}.*tree\/Sad\/broken\.jpg/);
  });

  it('goes by the pixels of the faces too, unless it is told not to', () => {
    const probabilities = (flags: string) => {
      const { status, stdout, stderr } = run(`evaluate --images tree --mcdo-repeats 5 --json ${flags}`);
      assert.equal(status, 0, stderr);
      return JSON.parse(stdout).found.nll as number;
    };
    const both = probabilities('');
    const alone = probabilities('--no-appearance');
    // The photos are face-api.js's own, and its network knows them well.
    assert.ok(both < alone - 0.2, `${both} nats with pixels, ${alone} without`);
  });

  it('says so where stills are all alike to a model', async () => {
    for (const [representation, words] of [
      ['displacement', /every still is alike to it/],
      ['displacement_from_reference', /^looking at images/],
    ] as const) {
      const model = await writeUntrainedModel(representation);
      rmSync(path('tree'), { recursive: true });
      for (const name of ['angry', 'happy', 'neutral']) copy(name, `tree/${name}/a.jpg`);
      const line = `evaluate --images tree --extractor ${UNTRAINED_EXTRACTOR} --mcdo-repeats 0`;
      const { status, stdout, stderr } = run(`${line} --model ${join(model.directory, model.name)} --json`);
      await model.remove();
      assert.equal(status, 0, stderr);
      assert.equal(JSON.parse(stdout).samples, 3);
      assert.match(stderr, words);
    }
  });

  it('is nought right where no file can be decoded', () => {
    rmSync(path('tree'), { recursive: true });
    mkdirSync(path('tree', 'Sad'), { recursive: true });
    writeFileSync(path('tree', 'Sad', 'a.jpg'), 'no image');
    const { status, stdout, stderr } = run('evaluate --images tree --json');
    assert.equal(status, 0, stderr);
    const { accuracy, mean_recall, faces_missed, samples, found } = JSON.parse(stdout);
    assert.deepEqual([accuracy, mean_recall, faces_missed, samples, found], [0, 0, 1, 1, null]);
  });
});

describe('pstbln evaluate --images refuses', () => {
  before(() => {
    mkdirSync(path('unknown', 'Bored'), { recursive: true });
    writeFileSync(path('unknown', 'Bored', 'a.jpg'), '');
    mkdirSync(path('known', 'Sad'), { recursive: true });
    writeFileSync(path('known', 'Sad', 'a.jpg'), '');
    mkdirSync(path('empty'));
  });

  const mistakes: [string, RegExp][] = [
    [
      'evaluate --images unknown',
      /^pstbln: the class is "Bored", expected one of the model's: Angry, .*Neutral \(from unknown\/Bored\)\n$/,
    ],
    ['evaluate --images empty', /^pstbln: the image tree is "empty", expected SUBJECT\/CLASS\/SEQUENCE\/ or CLASS\//],
    [
      'evaluate --images tree --extractor dlib --shape-predictor no.dat',
      /^pstbln: dlib's shape predictor is "no\.dat", expected/,
    ],
    [
      'evaluate --images tree --extractor face_mesh --shape-predictor x.dat',
      /^pstbln: --shape-predictor is "x\.dat", expected --extractor dlib with it/,
    ],
    [
      'evaluate --landmarks tree --shape-predictor x.dat',
      /^pstbln: --shape-predictor is "x\.dat", expected --images with it/,
    ],
    ['evaluate --landmarks tree --no-appearance', /^pstbln: --no-appearance is true, expected --images with it/],
    ['evaluate --images nowhere', /^pstbln: the folder is "nowhere", expected a readable folder/],
    ['evaluate --images known --extractor dlip', /^pstbln: the landmark extractor is "dlip", expected face_mesh, /],
    [
      'evaluate --images known --data data',
      /^pstbln: the data is \["known","data"\], expected one of --landmarks, --images and --data/,
    ],
    ['evaluate', /^pstbln: the data is \[\], expected one of --landmarks, --images and --data/],
  ];
  for (const [line, words] of mistakes) {
    it(line, () => {
      const { status, stdout, stderr } = run(line);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, words);
    });
  }
});
