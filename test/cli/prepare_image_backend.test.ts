import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { isOpenCvInstalled } from '../../src/camera/opencv/opencv_module.js';
import { readNpy } from '../../src/datasets/npy.js';
import { clipFiles, clipsMissing } from '../support/clips.js';
import { temporaryFolder } from '../support/folders.js';
import { opencvMissing } from '../support/opencv.js';
import { pstbln } from '../support/pstbln_command.js';

const folder = temporaryFolder();
const at = (...parts: string[]) => join(folder.path, ...parts);
const json = (line: string) => {
  const { status, stdout, stderr } = pstbln(folder.path, `${line} --json`);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
};

/** How far apart the points of two files are, pixels. */
function distances(a: string, b: string): number[] {
  const [one, other] = [readNpy(a).values, readNpy(b).values];
  return Array.from({ length: one.length / 2 }, (_, v) =>
    Math.hypot(one[2 * v]! - other[2 * v]!, one[2 * v + 1]! - other[2 * v + 1]!),
  );
}

describe('prepare with --image-backend', { skip: clipsMissing || opencvMissing }, () => {
  before(() => {
    mkdirSync(at('clips'));
    for (const clip of [...clipFiles('asl', '.mkv').slice(0, 2), clipFiles('', '.gif')[1]!]) {
      symlinkSync(clip, at('clips', basename(clip)));
    }
    for (const backend of ['ffmpeg', 'opencv']) {
      const told = json(
        `prepare frames --video-folder clips --frames-folder frames/${backend} --image-backend ${backend}`,
      );
      assert.equal(told.done, 3);
      // Each eighth frame of each clip is a sequence, to be done in seconds.
      for (const clip of readdirSync(at('frames', backend))) {
        mkdirSync(at('some', backend, clip), { recursive: true });
        const names = readdirSync(at('frames', backend, clip)).sort();
        for (const name of names.filter((_, i) => i % 8 === 0)) {
          copyFileSync(at('frames', backend, clip, name), at('some', backend, clip, name));
        }
      }
    }
  });

  it('puts landmarks in the same frames within half a pixel', (t) => {
    // The same images through both, and each from the clip to the landmarks.
    for (const [frames, landmarks, backend] of [
      ['ffmpeg', 'ffmpeg', 'ffmpeg'],
      ['ffmpeg', 'mixed', 'opencv'],
      ['opencv', 'opencv', 'opencv'],
    ]) {
      const line = `prepare landmarks --frames-folder some/${frames} --landmark-folder landmarks/${landmarks}`;
      assert.equal(json(`${line} --image-backend ${backend}`).without_a_face, 0);
    }
    let seen = 0;
    let most = 0;
    for (const clip of readdirSync(at('some', 'ffmpeg'))) {
      for (const name of readdirSync(at('landmarks', 'ffmpeg', clip)).filter((file) => file.endsWith('.npy'))) {
        const apart = (other: string) =>
          distances(at('landmarks', 'ffmpeg', clip, name), at('landmarks', other, clip, name));
        const farthest = Math.max(...apart('mixed'));
        assert.ok(farthest < 0.5, `${clip}/${name}: ${farthest} pixels`);
        // The clips' frames went through two encoders of JPEG: single points may be further apart.
        const fromClip = apart('opencv');
        const mean = fromClip.reduce((a, b) => a + b) / fromClip.length;
        assert.ok(mean < 0.5, `${clip}/${name}: from the clip on ${mean} pixels`);
        most = Math.max(most, farthest);
        seen++;
      }
    }
    assert.ok(seen > 20, `${seen}`);
    t.diagnostic(`of the same images ${most.toFixed(2)} pixels at most`);
  });
});

describe('prepare with --image-backend opencv', () => {
  it('names what to install where it is missing', { skip: isOpenCvInstalled() && 'OpenCV is installed' }, () => {
    mkdirSync(at('input'));
    for (const name of ['clip.avi', 'image.jpg']) writeFileSync(at('input', name), 'not read');
    for (const line of [
      'frames --video-folder input --frames-folder x',
      'landmarks --frames-folder input --landmark-folder x',
    ]) {
      const { status, stderr } = pstbln(folder.path, `prepare ${line} --image-backend opencv`);
      assert.equal(status, 1);
      assert.match(stderr, /npm run setup:opencv/, line);
    }
  });

  it('refuses a name that it does not know', () => {
    const { status, stderr } = pstbln(folder.path, 'prepare frames --image-backend sharp');
    assert.notEqual(status, 0);
    assert.match(stderr, /ffmpeg, opencv, auto/);
  });
});
