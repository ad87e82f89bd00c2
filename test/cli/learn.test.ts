import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { writeDrawnTree } from '../support/faces.js';
import { temporaryFolder } from '../support/folders.js';
import { PREPARED_CLASSES, PREPARED_DIMS, writePreparedSamples } from '../support/prepared_samples.js';
import { pstbln, startPstbln } from '../support/pstbln_command.js';

const folder = temporaryFolder();
const run = (line: string) => pstbln(folder.path, line);
const path = (...names: string[]) => join(folder.path, ...names);
const read = (...names: string[]) => readFileSync(path(...names));

before(() => writePreparedSamples(path('data')));

/** Flags of a training that takes a second or two: many short epochs. */
const LONG =
  'train --data data --topology 1 --batch-size 21 --threads 1 --device cpu --epochs 150 --seed 3 --name long';

describe('pstbln train', () => {
  it('learns prepared samples by flags alone; its JSON names the files, which are there', () => {
    const { status, stdout, stderr } = run(
      'train --data data --dataset-name AFEW --topology 1,1 --epochs 3 --batch-size 21 --lr 0.05 --name flags --output out --json',
    );
    assert.equal(status, 0, stderr);
    const answer = JSON.parse(stdout);
    assert.deepEqual(answer.topology, [1, 1]);
    assert.equal(answer.samples, 21);
    assert.equal(answer.confusion.length, PREPARED_CLASSES);
    assert.deepEqual(answer.classes, ['Angry', 'Fear', 'Sad', 'Happy', 'Disgust', 'Surprise', 'Neutral']);
    assert.deepEqual(answer.files, ['out/flags.pt', 'out/flags.json', 'out/flags.html']);
    for (const file of answer.files) assert.ok(existsSync(path(file)), file);
    const { inference_params: params, optimizer_info: info } = JSON.parse(read('out', 'flags.json').toString());
    const { in_channels, num_frames, num_point, num_person } = params;
    assert.deepEqual([in_channels, num_frames, num_point, num_person], PREPARED_DIMS);
    assert.notEqual(params.temperature, 1, 'fitted on the validation data');
    assert.equal(info.lr, 0.05);
  });

  it('learns by a recipe, and any of its keys may be set', () => {
    writeFileSync(
      path('small.yaml'),
      'name: small\noutput: out\ndata: data\nnetwork: { topology: [2] }\ntraining: { epochs: 2, optimizer_name: adam, lr: 0.01 }\n',
    );
    const { status, stdout, stderr } = run(
      'train --recipe small.yaml --set training.label_smoothing=0.1 --set network.topology=[1] --set network.block_size=3 --silent --json',
    );
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '');
    assert.deepEqual(JSON.parse(stdout).topology, [1]);
    const { inference_params: params, optimizer_info: info } = JSON.parse(read('out', 'small.json').toString());
    assert.equal(params.block_size, 3);
    assert.equal(info.optimizer_name, 'adam');
  });

  it('writes a report that loads nothing', () => {
    const html = read('out', 'flags.html').toString();
    assert.match(html, /^<!doctype html>/i);
    for (const section of ['figures', 'training', 'answers', 'uncertainty']) {
      assert.ok(html.includes(`<section id="${section}"`), section);
    }
    assert.doesNotMatch(html, /<script|@import|url\(|https?:|NaN|undefined/);
  });

  const mistakes: [string, RegExp][] = [
    ['train --data data --topology 0', /network\.topology\.0 is 0, expected .* \(from --topology\)/],
    [
      'train --data data --topology 1 --set training.epoch=3',
      /unknown option training\.epoch is 3.*--set training\.epoch=3/,
    ],
    [
      'train --data data --topology 1 --set training.epochs=many',
      /training\.epochs is "many".*--set training\.epochs=many/,
    ],
    ['train --data data --topology 1 --set training.epochs.x=3', /epochs is 400, expected a mapping|epochs is .*--set/],
    ['train --data data --topology 1 --set lr=[0.1', /lr is .*expected YAML \(from --set lr=\[0\.1\)/],
    [
      'train --data data --topology 1 --set training.class_weights=[1,2]',
      /classWeights is \[1,2\], expected 7 weights/,
    ],
    [
      'train --data data --topology 1 --set classes=[a,b]',
      /label of sample 2 is 2, expected 0 to 1.*train_labels\.pkl/,
    ],
    ['train --data data --topology 1 --device tpu', /is "tpu", expected one of .*--device/],
    ['train --data data', /network\.topology is \[\].*\(or find them with build\)/],
    ['train', /landmarks is missing.*or --data/],
    ['train --data data --topology 1 --set neutral_share=0.1', /neutral_share is 0\.1, expected nothing with data/],
    ['train --data data --topology 1 --set validation_folds=2', /validation_folds is 2, expected nothing with data/],
    [
      'train --landmarks tree --topology 1 --set classes=[a,b]',
      /classes is \["a","b"\], expected nothing with landmarks/,
    ],
    ['train --data nowhere --topology 1', /the folder of samples is "nowhere"/],
    [
      'train --data data --topology 1 --lr 1e13 --epochs 2',
      /became (NaN|no longer finite|Infinity) in epoch \d: lower the learning rate/,
    ],
    ['train --data data --topology 1 --epochs 1 --output small.yaml/x', /small\.yaml/],
  ];
  for (const [line, message] of mistakes) {
    it(`fails with one line for: ${line}`, () => {
      const { status, stdout, stderr } = run(`${line} --silent`);
      assert.equal(status, 1);
      assert.equal(stdout, '');
      assert.match(stderr, message);
      if (stderr.startsWith('pstbln:')) assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }

  it('needs KEY=VALUE after --set', () => {
    const { status, stderr } = run('train --data data --set training.epochs');
    assert.equal(status, 1);
    assert.match(stderr, /--set.*'training\.epochs' is invalid\. expected KEY=VALUE/);
  });

  it('names the file of a recipe that is no YAML, or of no recipe', () => {
    for (const [text, message] of [
      ['name: [a', /the recipe is .*expected YAML \(from bad\.yaml\)/],
      ['name: a\nname: b', /expected YAML \(from bad\.yaml\)/],
      ['', /the value is null.*bad\.yaml/],
      ['- a\n- b', /expected object.*bad\.yaml/],
      ['name: ../a', /name is .*bad\.yaml/],
    ] as const) {
      writeFileSync(path('bad.yaml'), text);
      const { status, stderr } = run('train --recipe bad.yaml --data data');
      assert.equal(status, 1);
      assert.match(stderr, message);
    }
  });
});

describe('pstbln train, interrupted', () => {
  it('leaves a checkpoint at Ctrl-C, exits with 130, and resumes to the very same model', async () => {
    assert.equal(run(`${LONG} --output whole --temp-path whole --silent`).status, 0);
    const running = startPstbln(folder.path, `${LONG} --output resumed --temp-path resumed`);
    await running.said(/epoch \d+\/150/);
    running.child.kill('SIGINT');
    const { status, stderr } = await running.ended;
    assert.equal(status, 130, stderr);
    assert.match(stderr, /stopped; training can go on from resumed\/long_checkpoints\/long-\d+/);
    assert.ok(!existsSync(path('resumed', 'long.pt')));
    const checkpoints = readdirSync(path('resumed', 'long_checkpoints'));
    assert.equal(checkpoints.filter((file) => file.endsWith('.training.pt')).length, 1);
    const resumed = run(`${LONG} --output resumed --temp-path resumed --resume`);
    assert.equal(resumed.status, 0, resumed.stderr);
    const first = Number(/epoch (\d+)\/150/.exec(resumed.stderr)![1]);
    assert.ok(first > 1, 'the epochs that were done are not done again');
    for (const ending of ['pt', 'json'])
      assert.deepEqual(read('resumed', `long.${ending}`), read('whole', `long.${ending}`));
  });

  it('resumes a training that was killed after its last epoch', () => {
    const line = `${LONG} --epochs 4 --checkpoint-after 2 --temp-path done --silent`;
    assert.equal(run(`${line} --output done`).status, 0);
    const { status, stderr } = run(`${line} --output again --resume`);
    assert.equal(status, 0, stderr);
    assert.deepEqual(read('again', 'long.pt'), read('done', 'long.pt'));
  });

  it('begins anew where there is no checkpoint to resume', () => {
    const line = `${LONG} --epochs 2 --silent`;
    assert.equal(run(`${line} --temp-path none --output none --resume`).status, 0);
    assert.equal(run(`${line} --temp-path other --output other`).status, 0);
    assert.deepEqual(read('none', 'long.pt'), read('other', 'long.pt'));
  });
});

describe('pstbln train, of landmarks', () => {
  const line = 'train --recipe drawn.yaml --threads 1 --json';

  before(() => {
    writeDrawnTree(path('tree'), 4, 1);
    writeFileSync(
      path('drawn.yaml'),
      `name: drawn
landmarks: tree
output: drawn
window: { ages_seconds: [1, 0.07, 0.03, 0], sequence_frames: [0, -3, -2, -1] }
network: { topology: [1], block_size: 4 }
training: { epochs: 2, batch_size: 16 }
validation_folds: 2
`,
    );
  });

  it('reports on folds that trained nothing, and on those of a changed recipe after it', () => {
    const first = run(line);
    assert.equal(first.status, 0, first.stderr);
    const { samples, files } = JSON.parse(first.stdout);
    assert.equal(samples, 12);
    for (const file of [...files, 'drawn/drawn.md']) assert.ok(existsSync(path(file)), file);
    const changed = run(`${line} --epochs 3`);
    assert.equal(changed.status, 0, changed.stderr);
    assert.notEqual(JSON.parse(changed.stdout).nll, JSON.parse(first.stdout).nll);
    // The folds of the first recipe are still there.
    const again = run(line);
    assert.doesNotMatch(again.stderr, /fold 0 done/);
    assert.equal(again.stdout, first.stdout);
  });
});

describe('pstbln build', () => {
  const flags =
    'build --data data --batch-size 21 --threads 1 --device cpu --epochs 40 --set building.num_layers=2 --set building.num_blocks=2 --set building.block_threshold=-1 --name built';

  it('goes on after SIGKILL, and ends with the same model and record', async () => {
    const whole = run(`${flags} --output a --temp-path a --json --silent`);
    assert.equal(whole.status, 0, whole.stderr);
    const running = startPstbln(folder.path, `${flags} --output b --temp-path b`);
    await running.said(/\[1\] \(\d+ parameters\): kept/);
    running.child.kill('SIGKILL');
    assert.equal((await running.ended).status, null);
    const resumed = run(`${flags} --output b --temp-path b --json`);
    assert.equal(resumed.status, 0, resumed.stderr);
    assert.match(resumed.stderr, /going on after [1-4] candidates: b\/built_checkpoints\/building\.json/);
    for (const ending of ['pt', 'json']) assert.deepEqual(read('b', `built.${ending}`), read('a', `built.${ending}`));
    const [one, other] = [whole, resumed].map(({ stdout }) => JSON.parse(stdout));
    const decided = ({ candidates }: { candidates: { seconds: number }[] }) =>
      candidates.map((candidate) => ({ ...candidate, seconds: 0 }));
    assert.deepEqual(decided(other), decided(one));
    assert.deepEqual(other.topology, one.topology);
    assert.ok(read('b', 'built.html').toString().includes('<section id="building"'));
  });

  it('stops at Ctrl-C with 130', async () => {
    const running = startPstbln(folder.path, `${flags} --epochs 4000 --temp-path c --output c`);
    await running.said(/epoch \d+\/4000/);
    running.child.kill('SIGINT');
    const { status, stderr } = await running.ended;
    assert.equal(status, 130);
    assert.match(stderr, /the same call goes on from there/);
    assert.ok(!existsSync(path('c', 'built.pt')));
  });

  it('refuses to go on with another recipe, and names what differs', () => {
    const { status, stderr } = run(`${flags} --temp-path a --output d --lr 0.03`);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /lr is 0\.03, expected 0\.1, as the run that is recorded there.*a\/built_checkpoints\/building\.json/,
    );
  });
});
