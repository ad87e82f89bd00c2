import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { FRAME_COLUMNS } from '../../src/analysis/frame_csv.js';
import type { FrameRow } from '../../src/analysis/frame_rows.js';
import { findFfmpeg } from '../../src/camera/ffmpeg_program.js';
import { csvFields } from '../../src/csv.js';
import { readModel } from '../../src/learner/checkpoint/model_directory.js';
import { modelLocation } from '../../src/learner/checkpoint/model_location.js';
import { blankImage, clipFiles, clipsMissing, readFrames } from '../support/clips.js';
import { temporaryFolder } from '../support/folders.js';
import { pstbln, startPstbln } from '../support/pstbln_command.js';

const folder = temporaryFolder();
const at = (...parts: string[]) => join(folder.path, ...parts);
const text = (name: string) => readFileSync(at(name), 'utf8');

/** The lines of a CSV by column. */
function csvRows(name: string): Record<string, string>[] {
  const [header, ...lines] = text(name).trimEnd().split('\n').map(csvFields);
  return lines.map((line) => Object.fromEntries(header!.map((column, i) => [column, line[i]!])));
}

const jsonRows = (name: string): FrameRow[] =>
  text(name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

function analyze(line: string, status = 0) {
  const result = pstbln(folder.path, `analyze ${line}`);
  assert.equal(result.status, status, result.stderr);
  return result;
}

describe('pstbln analyze', { skip: clipsMissing }, () => {
  let classes: string[];
  let ffmpeg: string;
  before(async () => {
    ffmpeg = (await findFfmpeg()).path;
    const { directory, name } = modelLocation('expressions');
    classes = (await readModel(directory, name)).params.classes;
    const [again, book] = clipFiles('asl', '.mkv') as [string, string];
    symlinkSync(again, at('again.mkv'));
    for (const gif of clipFiles('', '.gif')) symlinkSync(gif, at(gif.includes('female') ? 'two.gif' : 'one.gif'));
    writeFileSync(at('cut.mkv'), readFileSync(book).subarray(0, 100_000));
    writeFileSync(at('text.mp4'), 'text');
  });

  it('writes a row for each frame and face, the same into CSV and JSON lines, and an annotated video', () => {
    const { stdout } = analyze('two.gif --csv two.csv --jsonl two.jsonl --annotated two.mp4 --mcdo-repeats 20');
    const rows = csvRows('two.csv');
    const objects = jsonRows('two.jsonl');
    assert.equal(rows.length, objects.length);
    const ofClasses = [...classes.map((name) => `mean_${name}`), ...classes.map((name) => `std_${name}`)];
    assert.deepEqual(Object.keys(rows[0]!), [...FRAME_COLUMNS, ...ofClasses]);
    assert.deepEqual(new Set(rows.map(({ frame }) => Number(frame))), new Set(Array.from({ length: 56 }, (_, i) => i)));
    const told = (value: number | string | null | undefined) =>
      value === null || value === undefined ? '' : String(value);
    for (const [i, object] of objects.entries()) {
      const row = rows[i]!;
      for (const column of [
        'video',
        'frame',
        'time_seconds',
        'track_id',
        'category',
        'confidence',
        'repeats',
      ] as const) {
        assert.equal(row[column], told(object[column]), column);
      }
      assert.equal(row.box_x, told(object.box?.x));
      assert.equal(row[`std_${classes[2]}`], told(object.classes?.[2]?.std));
    }
    const last = objects.filter(({ frame }) => frame === 55);
    assert.deepEqual(
      last.map(({ track_id: id }) => id),
      [1, 2],
    );
    for (const { category, confidence, classes: probabilities, repeats, landmarks, reliability, box } of last) {
      assert.equal(probabilities!.find(({ name }) => name === category)!.mean, confidence);
      assert.ok(Math.abs(probabilities!.reduce((sum, { mean }) => sum + mean, 0) - 1) < 1e-4);
      assert.equal(repeats, 20);
      assert.equal(landmarks!.length, 68);
      assert.ok(reliability! > 0 && reliability! <= 1);
      assert.ok(box!.x > 0 && box!.x + box!.width < 480);
    }
    assert.ok(probabilitiesDiffer(last));
    assert.equal(objects[0]!.category, null, 'the window is filling');
    assert.match(stdout, /two\.gif: 56 frames, 4\.7 s\n {2}face 1, seen for 4\.7 s.*\n {2}face 2, seen for 4\.7 s/);

    const original = readFrames(at('two.gif'));
    const annotated = readFrames(at('two.mp4'));
    assert.equal(annotated.length, 56);
    const { x, y, width, height } = last[0]!.box!;
    const changed = (px: number, py: number) => {
      const place = 3 * (Math.round(py) * 480 + Math.round(px));
      return [0, 1, 2].some((c) => Math.abs(annotated[55]!.data[place + c]! - original[55]!.data[place + c]!) > 40);
    };
    assert.ok(
      Array.from({ length: 9 }, (_, i) => changed(x, y + (height * i) / 8)).filter(Boolean).length > 4,
      'the box',
    );
    assert.ok(!changed(x + width / 2, Math.min(268, y + height + 40)), 'beside it');
  });

  it('answers alike each time, unless the seed is -1', () => {
    for (const [name, flags] of [
      ['a', ''],
      ['b', ''],
      ['c', '--seed -1'],
      ['d', '--smoothing-ms 0 --mcdo-repeats 0'],
    ] as const) {
      analyze(`again.mkv --csv ${name}.csv --mcdo-repeats 10 ${flags}`);
    }
    assert.equal(text('a.csv'), text('b.csv'));
    assert.notEqual(text('a.csv'), text('c.csv'));
    const { repeats, [`std_${classes[0]}`]: std } = csvRows('d.csv').at(-1)!;
    assert.deepEqual([repeats, std], ['0', '0']);
  });

  it('puts several videos into one table, each from track 1 on, and their annotated videos into a folder', () => {
    const { stdout } = analyze('again.mkv one.gif --csv several.csv --annotated several --mcdo-repeats 5 --json');
    const told = JSON.parse(stdout);
    assert.deepEqual([told.done, told.frames, told.failed], [2, 77 + 62, []]);
    const rows = csvRows('several.csv');
    assert.deepEqual([...new Set(rows.map(({ video }) => video))], ['again.mkv', 'one.gif']);
    assert.deepEqual(new Set(rows.map(({ track_id: id }) => id)), new Set(['1']));
    assert.equal(told.videos[1].tracks[0].frames, 62);
    assert.deepEqual(readdirSync(at('several')).sort(), ['again.mp4', 'one.mp4']);
    analyze('again.mkv --csv alone.csv --mcdo-repeats 5');
    assert.deepEqual(
      csvRows('alone.csv'),
      rows.filter(({ video }) => video === 'again.mkv'),
      'one video leaves no trace in the next',
    );
  });

  it('names videos that are broken, leaves them out, and goes on', () => {
    const { stderr, stdout } = analyze(
      'cut.mkv text.mp4 absent.mp4 again.mkv --csv broken.csv --annotated some --mcdo-repeats 5',
      1,
    );
    for (const words of [
      /failed: cut\.mkv: .*ffmpeg/,
      /failed: text\.mp4: /,
      /failed: absent\.mp4: .*does not exist/,
    ]) {
      assert.match(stderr, words);
    }
    assert.match(stdout, /1 videos done, 0 done before, 3 failed/);
    assert.deepEqual(new Set(csvRows('broken.csv').map(({ video }) => video)), new Set(['again.mkv']));
    assert.deepEqual(readdirSync(at('some')), ['again.mp4']);
    const kept = analyze('cut.mkv --csv kept.csv --keep-damaged --mcdo-repeats 5');
    assert.match(kept.stderr, /warning: cut\.mkv: the video is damaged/);
    assert.ok(csvRows('kept.csv').length > 10);
  });

  it('leaves files as they were where no video could be analysed', () => {
    writeFileSync(at('before.csv'), 'what was there');
    analyze('text.mp4 --csv before.csv --jsonl new.jsonl', 1);
    assert.equal(text('before.csv'), 'what was there');
    assert.ok(!existsSync(at('new.jsonl')));
  });

  it('has rows for frames without a face, of folders of images too', () => {
    mkdirSync(at('blank'));
    const { data, width, height } = blankImage(64, 48, 90);
    const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-i', '-', '-frames:v', '1'];
    for (const name of ['1', '2', '10']) {
      const { status } = spawnSync(ffmpeg, [...raw, at('blank', `${name}.png`)], { input: data });
      assert.equal(status, 0);
    }
    const { stdout } = analyze('blank --csv blank.csv --jsonl blank.jsonl --rate 5');
    assert.match(stdout, /blank: 3 frames, 3 without a face, 0\.6 s/);
    const [, , last] = csvRows('blank.csv');
    assert.deepEqual([last!.frame, last!.time_seconds, last!.track_id, last!.category], ['2', '0.4', '', '']);
    assert.equal(jsonRows('blank.jsonl')[0]!.track_id, null);
  });

  it('writes nothing when it is stopped, and ends with 130', async () => {
    const clip = clipFiles('', '.mp4')[0]!;
    const running = startPstbln(folder.path, `analyze ${clip} --csv stopped.csv --annotated stopped.mp4`);
    await running.said(/videos 0\/1/);
    running.child.kill('SIGINT');
    const { status } = await running.ended;
    assert.equal(status, 130);
    assert.deepEqual(
      readdirSync(folder.path).filter((name) => name.startsWith('stopped') || name.endsWith('.partial')),
      [],
    );
  });

  for (const [line, words] of [
    ['again.mkv one.gif --annotated x.mp4', /--annotated is "x\.mp4", expected a folder, since there are several/],
    ['again.mkv --csv again.mkv', /the output is "again\.mkv", expected another file than/],
    ['again.mkv --csv x.csv --jsonl x.csv', /the output is "x\.csv", expected another file than/],
    ['again.mkv again.mkv', /each of them once/],
    ['again.mkv --mcdo-repeats 2000', /a whole number, 0 to 1000/],
    ['again.mkv --max-faces 0', /a whole number, 1 to 64/],
    ['again.mkv --model absent', /absent/],
    ['', /missing required argument 'videos'/],
  ] as const) {
    it(`refuses "${line}"`, () => {
      const { stderr } = analyze(line, 1);
      assert.match(stderr, words);
      assert.ok(!existsSync(at('x.csv')));
    });
  }
});

function probabilitiesDiffer([first, second]: readonly FrameRow[]): boolean {
  return JSON.stringify(first!.classes) !== JSON.stringify(second!.classes);
}
