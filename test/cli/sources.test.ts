import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { npyBytes } from '../../src/datasets/npy.js';
import { SeededRandom } from '../../src/learner/random/seeded_random.js';
import { DRAWN_EXPRESSIONS, drawnFace, writeDrawnTree } from '../support/faces.js';
import { temporaryFolder } from '../support/folders.js';
import { pstbln } from '../support/pstbln_command.js';

const folder = temporaryFolder();
const run = (line: string) => pstbln(folder.path, line);
const path = (...names: string[]) => join(folder.path, ...names);

const RECIPE = `name: small
output: out
dataset_name: drawings
sources:
  - { landmarks: dlib, extractor: dlib }
  - { landmarks: mesh, extractor: face_mesh }
  - { stills: wild }
window: { ages_seconds: [0.1, 0], sequence_frames: [-2, -1], alignment: inner, representation: displacement_from_reference }
sampling: { epoch_size: 240 }
network: { block_size: 3 }
building: { num_layers: 1, num_blocks: 2, epochs: 20 }
training: { epochs: 20, batch_size: 20, lr: 0.1, optimizer_name: sgd }
validation_folds: 2
`;

/** Stills of the drawn expressions and of resting faces, each of another person, as two extractors saw them. */
function writeStills(root: string): void {
  mkdirSync(root);
  const random = new SeededRandom(9);
  const kinds = [...Object.entries(DRAWN_EXPRESSIONS), ['Neutral', () => [0, 0]] as const];
  const rows = Array.from({ length: 6 }, () => kinds).flat();
  for (const extractor of ['dlib', 'face_mesh']) {
    const values = Float32Array.from(
      rows.flatMap(([, displacement]) => {
        const face = drawnFace();
        return [...face].map((value, i) => {
          const point = i - (i % 2);
          return value + displacement(face[point]!, face[point + 1]!, point / 2)[i % 2]! + 0.5 * random.normal();
        });
      }),
    );
    writeFileSync(join(root, `${extractor}.npy`), npyBytes({ dims: [rows.length, 68, 2], values }));
  }
  const labels = rows.map(([category], row) => `${row},${category},${row}`);
  writeFileSync(join(root, 'labels.csv'), `${['row,class,subject', ...labels].join('\n')}\n`);
}

before(() => {
  writeDrawnTree(path('dlib'), 6, 1);
  writeDrawnTree(path('mesh'), 6, 2);
  writeStills(path('wild'));
  writeFileSync(path('small.yaml'), RECIPE);
  const { status, stderr } = run('build --recipe small.yaml --threads 1 --device cpu --report out/small.html --json');
  assert.equal(status, 0, stderr);
});

describe('pstbln build of sources', () => {
  it('writes a model that knows its extractors and their mean neutral faces', () => {
    const { inference_params: params } = JSON.parse(readFileSync(path('out', 'small.json'), 'utf8'));
    assert.deepEqual(params.landmark_extractors, ['dlib', 'face_mesh']);
    assert.deepEqual(params.classes, ['Happy', 'Sad', 'Surprise', 'Neutral']);
    assert.deepEqual(Object.keys(params.window.features.reference_faces), ['dlib', 'face_mesh']);
    assert.equal(params.num_frames, 2);
  });

  it('tells the figures of each group in the card', () => {
    const card = readFileSync(path('out', 'small.md'), 'utf8');
    for (const row of ['first frames  mean', 'sequences     mean', 'sequences     own ', 'stills        mean']) {
      for (const extractor of ['dlib     ', 'face_mesh'])
        assert.ok(card.includes(`\n${row}       ${extractor}  `), row);
    }
  });
});

describe('the card and the report of a model of sources', () => {
  it('say what goes for these data, and nothing of CK+', () => {
    const card = readFileSync(path('out', 'small.md'), 'utf8');
    assert.match(card, /Trained on 18 sequences of 6 subjects and 24 stills \(drawings\), through dlib, face_mesh:/);
    assert.match(card, /Of stills it has seen one moment each/);
    assert.match(card, /Another landmark extractor than dlib, face_mesh puts its points elsewhere/);
    assert.doesNotMatch(card, /CK\+/);
  });

  it('show the kinds of windows', () => {
    const html = readFileSync(path('out', 'small.html'), 'utf8');
    assert.match(html, /<section id="groups"/);
    assert.match(html, /<td[^>]*>first frames<\/td><td[^>]*>face_mesh<\/td><td[^>]*>mean<\/td>/);
  });
});

describe('pstbln evaluate of a model of several extractors', () => {
  const line = 'evaluate --landmarks mesh --model out/small --mcdo-repeats 5';

  it('compares with the neutral face of the extractor that is named, and differs by it where there is no own one', () => {
    writeDrawnTree(path('stays'), 3, 5);
    for (const subject of ['S000', 'S001', 'S002']) {
      for (const name of Object.keys(DRAWN_EXPRESSIONS)) rmSync(path('stays', subject, name, '001', '0.npy'));
    }
    const nll = (extractor: string) => {
      const { status, stdout, stderr } = run(
        `evaluate --landmarks stays --model out/small --extractor ${extractor} --json`,
      );
      assert.equal(status, 0, stderr);
      assert.equal(stderr, '');
      const { samples, accuracy, nll } = JSON.parse(stdout);
      assert.equal(samples, 9);
      assert.ok(accuracy > 0.6, `${accuracy}`);
      return nll;
    };
    assert.notEqual(nll('dlib'), nll('face_mesh'));
  });

  it('warns of an extractor that the model was not trained for, and takes the nearest', () => {
    const nearest = run(`${line} --extractor face_mesh --json`);
    const other = run(`${line} --extractor face_mesh_attention --json`);
    assert.equal(other.status, 0, other.stderr);
    assert.equal(
      other.stderr,
      'pstbln: the model was trained for dlib, face_mesh, not for face_mesh_attention: its points are taken for those of face_mesh\n',
    );
    assert.deepEqual(JSON.parse(other.stdout), JSON.parse(nearest.stdout));
  });

  it('refuses an extractor that there is not', () => {
    const { status, stdout, stderr } = run(`${line} --extractor mesh`);
    assert.deepEqual([status, stdout], [1, '']);
    assert.equal(
      stderr,
      'pstbln: the landmark extractor is "mesh", expected face_mesh, face_mesh_attention, face_api, dlib (from --extractor)\n',
    );
  });
});
