import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { stillsOfClips } from '../../bench/labelled_stills.js';
import { packageRoot } from '../../src/package_root.js';
import { clipsMissing } from '../support/clips.js';
import { NO_SHARED_DATA, sharedData, temporaryFolder } from '../support/folders.js';

const faces = sharedData('faces');
const folder = temporaryFolder();
const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(packageRoot(), 'build', 'ts', 'bench', 'expressions.js'), ...args], {
    encoding: 'utf8',
  });

describe('bench:expressions', { skip: faces === null ? NO_SHARED_DATA : clipsMissing }, () => {
  it("gives both networks' figures on the same stills as one JSON object", () => {
    for (const [name, category] of Object.entries({ sad: 'Sad', surprised: 'Surprise', happy: 'Contempt' })) {
      mkdirSync(join(folder.path, category));
      copyFileSync(join(faces!, `${name}.jpg`), join(folder.path, category, 'a.jpg'));
    }
    const { status, stdout, stderr } = run('--images', folder.path, '--json');
    assert.equal(status, 0, stderr);
    const { samples, left_out, samples_by_class, contenders, ratios } = JSON.parse(stdout);
    assert.deepEqual([samples, left_out], [2, 1]);
    assert.deepEqual(samples_by_class, { Neutral: 0, Happy: 0, Sad: 1, Angry: 0, Fear: 0, Disgust: 0, Surprise: 1 });
    const theirs = ['face_api_ssd', 'face_api_tiny', 'face_api_on_our_faces'];
    assert.deepEqual(Object.keys(contenders), ['ours', 'ours_landmarks', 'ours_seven', ...theirs]);
    // face-api.js is known to answer these two of its own photos right: it is run as it should be.
    for (const name of theirs) assert.equal(contenders[name].accuracy, 1, name);
    for (const { faces_missed, ms_per_still } of Object.values<Record<string, number>>(contenders)) {
      assert.equal(faces_missed, 0);
      assert.ok(ms_per_still! > 1);
    }
    assert.deepEqual(Object.keys(ratios), theirs);
    assert.equal(ratios.face_api_ssd.accuracy, contenders.ours_seven.accuracy);
  });

  it('takes the noted stretches of clips', () => {
    const stills = stillsOfClips(join(sharedData('video')!));
    const count = (name: string) => stills.filter(({ category }) => category === name).length;
    assert.deepEqual([count('Neutral'), count('Surprise'), count('Happy')], [18, 4, 1]);
    assert.equal(stills[1]!.name, 'webcam_talking.mp4 41');
  });
});

it('bench:expressions refuses to run on nothing', () => {
  assert.match(run('--json').stderr, /^the data is missing, expected a tree of images as --images, or/);
});
