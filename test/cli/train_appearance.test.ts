import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { readModelAppearance } from '../../src/experiments/appearance/appearance_file.js';
import { copyTo, NO_SHARED_DATA, sharedData, temporaryFolder } from '../support/folders.js';
import { pstbln } from '../support/pstbln_command.js';

const faces = sharedData('faces');
const folder = temporaryFolder();
const path = (...names: string[]) => join(folder.path, ...names);
const run = (line: string) => pstbln(folder.path, line);
const write = (name: string, lines: readonly string[]) => writeFileSync(path(name), lines.join('\n'));
const copy = (name: string, to: string) => copyTo(join(faces!, `${name}.jpg`), path(to));

describe('pstbln train-appearance', { skip: faces === null && NO_SHARED_DATA }, () => {
  beforeEach(() => {
    rmSync(path('photos'), { recursive: true, force: true });
    for (const name of ['happy', 'neutral']) {
      for (const person of [1, 2]) copy(name, `photos/${name}/${person}.jpg`);
    }
    // A sequence that begins with the face at rest.
    copy('neutral', 'clips/anna/fearful/1/frame_0.png');
    copy('fearful', 'clips/anna/fearful/1/frame_1.png');
    copy('fearful', 'clips/dora/fearful/1/frame_1.png');
    for (const person of ['ben', 'emil']) copy('happy', `clips/${person}/happy/1/frame_1.png`);
    copy('sad', 'clips/cara/sad/1/frame_1.png');
    writeFileSync(path('photos', 'neutral', 'broken.jpg'), 'no image');
  });

  const recipe = [
    'output: made/pixels',
    'sources:',
    '  - { images: photos }',
    '  - { images: clips, share: 0.3, classes: [fearful, happy] }',
    'validation_folds: 2',
  ];

  it('learns a classifier of pixels from trees of images, and tells how right it is', async () => {
    write('r.yaml', recipe);
    const { status, stdout, stderr } = run('train-appearance --recipe r.yaml --json');
    assert.equal(status, 0, stderr);
    assert.match(stderr, /looking at images 9\/9/);
    assert.match(stderr, /learning, classifiers done: 3\/3/);
    const { classes, sources, files } = JSON.parse(stdout);
    // By the names of the network, where it has them.
    assert.deepEqual(classes, ['Happy', 'Neutral', 'fearful']);
    const counts = sources.map(({ images, faces: found, missed }: Record<string, unknown>) => [images, found, missed]);
    assert.deepEqual(counts, [
      ['photos', 4, 1],
      ['clips', 4, 0],
    ]);
    assert.deepEqual(files, ['made/pixels.json', 'made/pixels.md']);
    const { classifier } = await readModelAppearance(
      { classifier: path('made', 'pixels.json'), landmarks_power: 0.5 },
      ['Happy', 'Neutral'],
    );
    assert.deepEqual(classifier.classes, classes);
    await assert.rejects(
      readModelAppearance({ classifier: path('made', 'pixels.json'), landmarks_power: 0.5 }, [
        'happy',
        'Neutral',
        'Fear',
      ]),
      /the classes of the classifier of pixels.*Happy.*expected two or more of the model's: happy, Neutral, Fear.*pixels\.json/,
    );
    const card = readFileSync(path('made', 'pixels.md'), 'utf8');
    assert.match(card, /- clips: 4 faces, of fearful, happy alone, share 0\.3; 0 images without a face/);
    assert.match(card, /## photos: people that were held out.*accuracy [01]\.\d{3}, mean recall/s);
  });

  it('tells it in words without --json, and tries nothing without folds', () => {
    write('r.yaml', [...recipe.slice(0, -1), 'validation_folds: 0']);
    const { status, stdout, stderr } = run('train-appearance --recipe r.yaml');
    assert.equal(status, 0, stderr);
    assert.match(
      stdout,
      /^photos: 4 faces, 1 images without one\nclips: .*\nWrote made\/pixels\.json, made\/pixels\.md\n$/,
    );
  });

  const cases: [string, string[], RegExp][] = [
    ['a folder that is missing', ['output: a', 'sources: [{ images: nowhere }]'], /^pstbln: the folder is .*nowhere/],
    [
      'a key that is unknown',
      ['output: a', 'sources: [{ images: photos }]', 'sauces: []'],
      /^pstbln: .*unknown option sauces.*r\.yaml/,
    ],
    [
      'fewer people than folds',
      [...recipe.slice(0, -1), 'validation_folds: 5'],
      /validation_folds is 5, expected at most 4, the people of clips/,
    ],
    ['one fold', [...recipe.slice(0, -1), 'validation_folds: 1'], /validation_folds.*0, or 2 or more/],
    [
      'a class that a tree lacks',
      ['output: a', 'sources: [{ images: photos, classes: [happy, hapy] }]'],
      /sources\[\]\.classes is "hapy", expected some of Happy, Neutral, which photos has/,
    ],
    [
      'a class alone',
      ['output: a', 'sources: [{ images: photos, classes: [happy] }]', 'validation_folds: 0'],
      /the classes of photos is \["Happy"\], expected two or more/,
    ],
  ];
  for (const [what, lines, message] of cases) {
    it(`refuses ${what}`, () => {
      write('r.yaml', lines);
      const { status, stderr } = run('train-appearance --recipe r.yaml');
      assert.equal(status, 1);
      assert.match(stderr.split('\n').at(-2)!, message);
    });
  }
});
