import assert from 'node:assert/strict';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative } from 'node:path';
import { before, describe, it } from 'node:test';
import { withoutUnderscores } from '../../src/cli/reference_options.js';
import { readNpy } from '../../src/datasets/npy.js';
import { clipFiles, clipsMissing } from '../support/clips.js';
import { writeDrawnTree } from '../support/faces.js';
import { temporaryFolder } from '../support/folders.js';
import { pstbln, startPstbln } from '../support/pstbln_command.js';
import { NO_PYTORCH, pyTorchPython, runPyTorch } from '../support/pytorch.js';

const folder = temporaryFolder();
const at = (...parts: string[]) => join(folder.path, ...parts);
const json = (line: string, expected = 0, env: NodeJS.ProcessEnv = {}) => {
  const { status, stdout, stderr } = pstbln(folder.path, `${line} --json`, env);
  assert.equal(status, expected, stderr);
  return JSON.parse(stdout);
};

/** The files of a folder of any depth, by their paths. */
const contentsOf = (root: string) =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [relative(root, path), readFileSync(path).toString('base64')]),
  );

describe("the reference's spelling of options", () => {
  it('is taken for ours, with a value behind it or after an equals sign', () => {
    const argv = ['node', 'pstbln', 'prepare', 'frames', '--video_folder', 'a_b', '--frames_folder=c_d', '--rate', '5'];
    const ours = ['node', 'pstbln', 'prepare', 'frames', '--video-folder', 'a_b', '--frames-folder=c_d', '--rate', '5'];
    assert.deepEqual(withoutUnderscores(argv), ours);
  });

  it('is left to other commands', () => {
    const argv = ['node', 'pstbln', 'train', '--data_folder', 'x'];
    assert.deepEqual(withoutUnderscores(argv), argv);
  });
});

describe('pstbln prepare frames and landmarks', { skip: clipsMissing }, () => {
  before(() => {
    mkdirSync(at('clips', 'a'), { recursive: true });
    mkdirSync(at('clips', 'b'));
    const [again, book] = clipFiles('asl', '.mkv') as [string, string];
    const [gif] = clipFiles('', '.gif') as [string];
    symlinkSync(again, at('clips', 'a', basename(again)));
    symlinkSync(gif, at('clips', 'b', 'two.gif'));
    writeFileSync(at('clips', 'a', 'cut_short.mkv'), readFileSync(book).subarray(0, 100_000));
    writeFileSync(at('clips', 'b', 'no_clip.avi'), 'text');
    writeFileSync(at('clips', 'b', 'notes.txt'), 'text');
  });

  it('go on after clips that are broken, list them, and end with 1', () => {
    const told = json('prepare frames --video-folder clips --frames-folder frames', 1);
    assert.deepEqual(
      { done: told.done, skipped: told.skipped, frames: told.frames },
      { done: 2, skipped: 0, frames: 77 + readdirSync(at('frames', 'b', 'two')).length },
    );
    assert.deepEqual(told.failed.map(({ item }: { item: string }) => item).sort(), [
      'a/cut_short.mkv',
      'b/no_clip.avi',
    ]);
    assert.match(told.failed[0].reason, /ffmpeg/);
    assert.deepEqual(readdirSync(at('frames', 'a')), ['again'], 'nothing is left of what failed');
    assert.equal(readdirSync(at('frames', 'a', 'again'))[0], '000001.jpg');
  });

  it('pass over clips that are done, and take what can be read of damaged ones where asked', () => {
    const told = json('prepare frames --video-folder clips --frames-folder frames --keep-damaged', 1);
    assert.deepEqual({ done: told.done, skipped: told.skipped }, { done: 1, skipped: 2 });
    assert.equal(told.warnings[0].item, 'a/cut_short.mkv');
    assert.ok(readdirSync(at('frames', 'a', 'cut_short')).length > 10);
  });

  it('take another rate and format, and go through links to folders', () => {
    mkdirSync(at('linked'));
    symlinkSync(at('clips', 'b'), at('linked', 'of 100%d'));
    json('prepare frames --video-folder linked --frames-folder slow --rate 2 --format png', 1);
    const files = readdirSync(at('slow', 'of 100%d', 'two'));
    assert.ok(files.length > 2 && files.length < 20 && files.every((name) => name.endsWith('.png')), `${files}`);
  });

  it('find landmarks, and list images without a face and those that cannot be decoded', () => {
    mkdirSync(at('images', 's'), { recursive: true });
    const frames = readdirSync(at('frames', 'a', 'again'));
    for (const i of [1, 2, 4, 5, 8])
      copyFileSync(at('frames', 'a', 'again', frames[i]!), at('images', 's', `f${i}.jpg`));
    writeFileSync(at('images', 's', 'f3.jpg'), 'no image');
    const told = json('prepare landmarks --frames-folder images --landmark-folder skipped');
    assert.deepEqual(
      { done: told.done, frames: told.frames, without: told.without_a_face },
      { done: 1, frames: 6, without: 1 },
    );
    assert.deepEqual(readdirSync(at('skipped', 's')).sort(), ['f1.npy', 'f2.npy', 'f4.npy', 'f5.npy', 'f8.npy']);
    assert.match(
      readFileSync(at('skipped', 'missing.csv'), 'utf8'),
      /^image,state,reason\ns\/f3\.jpg,missing,.*f3\.jpg/,
    );
    assert.equal(json('prepare landmarks --frames-folder images --landmark-folder skipped').skipped, 1);
    json('prepare landmarks --frames-folder images --landmark-folder between --missing interpolate');
    const [before, middle, after] = ['f2', 'f3', 'f4'].map((name) => readNpy(at('between', 's', `${name}.npy`)).values);
    middle!.forEach((value, i) => {
      assert.ok(Math.abs(value - (before![i]! + after![i]!) / 2) < 1e-4);
    });
  });

  it('give landmarks as in an image of another width, and want no ffmpeg for them', () => {
    const none = { FFMPEG_PATH: '/nowhere/ffmpeg' };
    json('prepare landmarks --frames-folder images --landmark-folder wide --width 500 --image-backend ffmpeg', 0, none);
    const clips = pstbln(folder.path, 'prepare frames --video-folder clips --frames-folder x', none);
    assert.match(clips.stderr, /FFMPEG_PATH is "\/nowhere\/ffmpeg", expected ffmpeg's file/);
    const [own, wide] = ['skipped', 'wide'].map((root) => readNpy(at(root, 's', 'f5.npy')).values);
    wide!.forEach((value, i) => {
      assert.ok(Math.abs(value - (own![i]! * 500) / 640) < 1e-3);
    });
  });

  it('refuse landmarks of another extractor, and folders of another layout, by name', () => {
    const mixed = pstbln(
      folder.path,
      'prepare landmarks --frames-folder images --landmark-folder skipped --extractor face_mesh',
    );
    assert.equal(mixed.status, 1);
    assert.match(mixed.stderr, /extractor is "face_mesh", expected face_mesh_attention/);
    const layout = pstbln(
      folder.path,
      'prepare landmarks --frames_folder images --landmark_folder x --dataset_name AFEW',
    );
    assert.match(layout.stderr, /"s", expected Train\|Val\/CLASS\/CLIP/);
    assert.ok(!existsSync(at('x')));
  });

  it('stop at Ctrl-C, and go on when they run again', async () => {
    const line = 'prepare landmarks --frames-folder frames --landmark-folder stopped --jobs 1 --extractor face_api';
    const running = startPstbln(folder.path, line);
    // The longest of three, of 77 images, is done.
    await running.said(/images (8|9|1\d)\d\/164/);
    running.child.kill('SIGINT');
    assert.equal((await running.ended).status, 130);
    const told = json(line.replace('face_api', 'face_api --jobs 2'));
    assert.ok(told.skipped >= 1 && told.skipped + told.done === 3, JSON.stringify(told));
  });

  it('give the same landmarks whatever the number of jobs, in sequences that are long and short', () => {
    for (const [name, sequence, count] of [
      ['one', 'a/again', 9],
      ['two', 'b/two', 4],
      ['three', 'a/cut_short', 2],
    ] as const) {
      mkdirSync(at('short', name), { recursive: true });
      for (const file of readdirSync(at('frames', sequence)).slice(0, count)) {
        copyFileSync(at('frames', sequence, file), at('short', name, file));
      }
    }
    for (const { extractor, numbers } of [
      { extractor: 'face_mesh_attention', numbers: [1, 2, 5] },
      // One process at a time is not the thread that face-api.js has to itself with several.
      { extractor: 'face_api', numbers: [1, 5] },
    ]) {
      const line = `prepare landmarks --frames-folder short --extractor ${extractor} --landmark-folder ${extractor}_`;
      const written = numbers.map((jobs) => {
        assert.equal(json(`${line}${jobs} --jobs ${jobs}`).done, 3);
        return contentsOf(at(`${extractor}_${jobs}`));
      });
      assert.equal(json(`${line}1`).skipped, 3);
      assert.equal(Object.keys(written[0]!).filter((name) => name.endsWith('.npy')).length, 15);
      for (const other of written.slice(1)) assert.deepEqual(other, written[0]);
    }
  });

  it('fail where no image of a sequence can be decoded, and try again when they run again', () => {
    mkdirSync(at('spoiled', 's'), { recursive: true });
    writeFileSync(at('spoiled', 's', '1.jpg'), 'no image');
    for (const _ of ['first', 'again']) {
      const told = json('prepare landmarks --frames-folder spoiled --landmark-folder spoiled_points', 1);
      assert.deepEqual([told.done, told.skipped, told.failed[0].item], [0, 0, 's']);
      assert.match(told.failed[0].reason, /1\.jpg.*can be decoded/);
    }
  });

  it('look right to inspect', () => {
    json('prepare landmarks --frames-folder frames/a --landmark-folder fine');
    const told = json('prepare inspect fine --sheet fine.svg');
    assert.deepEqual(told.findings, []);
    assert.equal(told.sequences, 2);
    assert.equal(told.extractor, 'face_mesh_attention');
  });
});

describe('pstbln prepare on landmarks', () => {
  before(() => {
    writeDrawnTree(at('tree'), 8, 3);
    json('prepare folds --landmark-folder tree --output-folder folds --folds 4 --dataset-name drawn');
    json('prepare augment --data-folder folds --aug-data-folder augmented --rounds 1');
    json('prepare muscles --landmark-data-folder augmented --muscle-data-folder muscles');
  });

  it('passes over data that would be made again as they are, and makes them anew for other options', () => {
    const again = 'prepare augment --data-folder folds --aug-data-folder augmented --rounds 1';
    assert.deepEqual([json(again).skipped, json(`${again} --noise 0.1`).done, json(again).done], [8, 8, 8]);
    assert.equal(json('prepare muscles --landmark-data-folder augmented --muscle-data-folder muscles').done, 8);
  });

  it('makes muscles of one kind only of samples', () => {
    const twice = pstbln(folder.path, 'prepare muscles --landmark-data-folder muscles --muscle-data-folder x');
    assert.match(twice.stderr, /muscles.*expected landmarks/);
    const late = pstbln(folder.path, 'prepare augment --data-folder muscles --aug-data-folder x');
    assert.match(late.stderr, /augment first/);
  });

  it('makes samples of clips that a live node can make too, by the mean face of those trained on', () => {
    for (const subject of readdirSync(at('tree'))) {
      const split = subject < 'S005' ? 'Train' : 'Val';
      for (const category of readdirSync(at('tree', subject))) {
        const clip = at('clips_tree', split, category, subject);
        cpSync(at('tree', subject, category, '001'), clip, { recursive: true });
      }
    }
    const line = 'prepare afew --landmark-folder clips_tree --frames 7 --dataset-name drawn --data-folder';
    json(`${line} plain`);
    assert.equal(JSON.parse(readFileSync(at('plain', 'dataset.json'), 'utf8')).window, undefined);
    json(`${line} aligned --align all --fit resample --rate 30`);
    const { window } = JSON.parse(readFileSync(at('aligned', 'dataset.json'), 'utf8'));
    // Four frames at 30 a second, stretched over seven.
    assert.ok(Math.abs(window.ages_seconds[0] - 0.1) < 1e-9 && window.ages_seconds[6] === 0);
    assert.equal(window.ages_seconds.length, 7);
    for (const name of ['Train.npy', 'Val.npy']) {
      const { dims, values } = readNpy(at('aligned', name));
      assert.deepEqual(dims.slice(1), [2, 7, 51, 1]);
      const size = values.length / dims[0]!;
      for (let sample = 0; sample < values.length; sample += size) {
        // Outer eye corners of the 51 points, in the first frame.
        const [right, left] = [19, 28].map((point) => [values[sample + point]!, values[sample + size / 2 + point]!]);
        const distance = Math.hypot(left![0]! - right![0]!, left![1]! - right![1]!);
        assert.ok(Math.abs(distance - 1) < 0.15, `${name}: ${distance}`);
      }
    }
    // Other validation data change neither the mean face nor the training data.
    rmSync(at('clips_tree', 'Val', 'Sad'), { recursive: true });
    json(`${line} fewer --align all --fit resample --rate 30`);
    assert.deepEqual(JSON.parse(readFileSync(at('fewer', 'dataset.json'), 'utf8')).window, window);
    assert.deepEqual(readNpy(at('fewer', 'Train.npy')).values, readNpy(at('aligned', 'Train.npy')).values);
    json('train --data aligned --topology 1 --epochs 1 --mcdo-repeats 2 --silent --name clips --dataset-name drawn');
    const { inference_params } = JSON.parse(readFileSync(at('models', 'clips.json'), 'utf8'));
    assert.deepEqual(inference_params.window.features.mean_face, window.features.mean_face);
  });

  it('leaves no folds of an earlier run beside others, and does not write over what it reads', () => {
    const line = 'prepare folds --landmark-folder tree --output-folder refolded --dataset-name drawn --folds';
    json(`${line} 4`);
    json(`${line} 2`);
    assert.equal(readdirSync(at('refolded')).filter((name) => name.endsWith('.npy')).length, 4);
    const over = pstbln(folder.path, 'prepare augment --data-folder refolded --aug-data-folder ./refolded/');
    assert.match(over.stderr, /expected another one/);
  });

  it('goes on after a sequence that is too short, or broken, and ends with 1', () => {
    writeDrawnTree(at('holes'), 4, 5);
    for (const frame of [1, 2, 3]) rmSync(at('holes', 'S000', 'Sad', '001', `${frame}.npy`));
    writeFileSync(at('holes', 'S001', 'Sad', '001', '3.npy'), 'text');
    const told = json('prepare folds --landmark-folder holes --output-folder x --dataset-name drawn --folds 2', 1);
    assert.deepEqual([told.done, told.failed.length], [10, 2]);
    assert.match(told.failed[0].item, /S000.Sad.001$/);
  });

  it('makes the same muscles of other samples', () => {
    json('prepare muscles --landmark-data-folder folds --muscle-data-folder alike --like muscles');
    const edges = (name: string) => JSON.parse(readFileSync(at(name, 'muscles.json'), 'utf8')).muscles;
    assert.deepEqual(edges('alike'), edges('muscles'));
  });

  it('trains on a fold, changed in each epoch where asked', () => {
    const train = 'train --data folds --topology 1 --epochs 2 --mcdo-repeats 2 --silent --name t';
    const told = json(`${train} --data-fold 2 --set data_augmentation.noise=0.02 --set data_augmentation.mirror=0.5`);
    assert.deepEqual(told.classes, ['Happy', 'Sad', 'Surprise']);
    const none = pstbln(folder.path, train);
    assert.match(none.stderr, /data_fold.*0, 1, 2, 3/);
    const muscles = pstbln(
      folder.path,
      `${train.replace('folds', 'muscles')} --data-fold 0 --set data_augmentation.mirror=1`,
    );
    assert.match(muscles.stderr, /landmarks, not muscles/);
  });

  it('trains on muscles of landmarks by a recipe alone', () => {
    const window = '{"ages_seconds":[1,0.1,0],"sequence_frames":[0,-2,-1],"muscles":"duplicates"}';
    const train = `train --landmarks tree --topology 1 --epochs 1 --mcdo-repeats 2 --silent --name recipe`;
    json(`${train} --set window=${window}`);
    const { num_point, window: told } = JSON.parse(readFileSync(at('models', 'recipe.json'), 'utf8')).inference_params;
    assert.equal(told.features.muscles.length, num_point);
    assert.deepEqual(
      told.features.muscles.slice(-51),
      Array.from({ length: 51 }, (_, point) => [point, 16]),
    );
    assert.equal((num_point - 51) % 3, 0);
  });

  it('tells what looks wrong, and ends with 1', () => {
    json('prepare inspect folds --sheet folds.svg --sequences 2');
    assert.equal(readFileSync(at('folds.svg'), 'utf8').match(/<text class="title"/g)!.length, 16);
    json('prepare inspect folds --sheet folds.png --sequences 2');
    assert.equal(readFileSync(at('folds.png')).subarray(1, 4).toString(), 'PNG');
    assert.match(pstbln(folder.path, 'prepare inspect folds --sheet folds.gif').stderr, /\.svg or \.png/);
    mkdirSync(at('wrong'));
    for (const name of readdirSync(at('folds'))) copyFileSync(at('folds', name), at('wrong', name));
    copyFileSync(at('folds', '_val_1.npy'), at('wrong', '_val_0.npy'));
    copyFileSync(at('folds', '_val_labels_1.pkl'), at('wrong', '_val_labels_0.pkl'));
    const kinds = new Set(json('prepare inspect wrong', 1).findings.map(({ kind }: { kind: string }) => kind));
    assert.deepEqual([...kinds].sort(), ['sample_in_both', 'subject_in_both', 'subject_in_two_folds']);
  });

  it('is read by NumPy and PyTorch', { skip: pyTorchPython() === null && NO_PYTORCH }, () => {
    type Told = Record<string, { shape?: number[]; type?: string; sum?: number; names?: string[]; labels?: number[] }>;
    for (const name of ['folds', 'muscles']) {
      const told = runPyTorch<Told>('datasets/prepared_files.py', ['read', at(name)]);
      const { dims, values } = readNpy(at(name, '_train_1.npy'));
      const sum = values.reduce((a, b) => a + b, 0);
      assert.deepEqual(told['_train_1.npy']!.shape, dims);
      assert.equal(told['_train_1.npy']!.type, 'torch.float32');
      assert.ok(Math.abs(told['_train_1.npy']!.sum! - sum) < 1e-6 * Math.abs(sum) + 1e-3);
      assert.equal(told['_train_labels_1.pkl']!.labels!.length, dims[0]);
      assert.match(told['_train_labels_1.pkl']!.names![0]!, /^S\d+\/\w+\/001/);
    }
  });

  it("takes over the reference's files", { skip: pyTorchPython() === null && NO_PYTORCH }, () => {
    mkdirSync(at('theirs'));
    runPyTorch('datasets/prepared_files.py', ['write', at('theirs')]);
    json('prepare augment --data_folder theirs --aug_data_folder theirs_aug');
    json(
      'prepare muscles --dataset_name AFEW --landmark_data_folder theirs_aug --muscle_data_folder theirs_muscles --duplicates',
    );
    const { dims } = readNpy(at('theirs_muscles', 'Train.npy'));
    assert.deepEqual([...dims.slice(0, 3), dims[4]], [84, 2, 8, 1]);
    const told = json('train --data theirs_muscles --topology 1 --epochs 1 --mcdo-repeats 2 --silent --name theirs');
    assert.equal(told.topology[0], 1);
  });
});
