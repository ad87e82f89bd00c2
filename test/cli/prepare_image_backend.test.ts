import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { isOpenCvInstalled } from '../../src/camera/opencv/opencv_module.js';
import { readNpy } from '../../src/datasets/npy.js';
import { LOADABLE_EXTRACTOR_NAMES } from '../../src/perception/landmarks/landmark_extractor_name.js';
import { clipFiles, clipsMissing } from '../support/clips.js';
import { extractorMissing } from '../support/dlib.js';
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
      // Each sixteenth frame of each clip is a sequence, to be done in seconds.
      for (const clip of readdirSync(at('frames', backend))) {
        mkdirSync(at('some', backend, clip), { recursive: true });
        const names = readdirSync(at('frames', backend, clip)).sort();
        for (const name of names.filter((_, i) => i % 16 === 0)) {
          copyFileSync(at('frames', backend, clip, name), at('some', backend, clip, name));
        }
      }
    }
  });

  /** How far apart the points of each image are that two folders have landmarks of. */
  function apart(one: string, other: string): number[][] {
    const clips = readdirSync(at('some', 'ffmpeg'));
    const files = clips.flatMap((clip) => readdirSync(at('landmarks', one, clip)).map((name) => join(clip, name)));
    return files
      .filter((file) => file.endsWith('.npy'))
      .map((file) => distances(at('landmarks', one, file), at('landmarks', other, file)));
  }

  function findLandmarks(frames: string, extractor: string, backend: string, target: string): void {
    const line = `prepare landmarks --frames-folder some/${frames} --landmark-folder landmarks/${target}`;
    assert.equal(json(`${line} --extractor ${extractor} --image-backend ${backend}`).without_a_face, 0);
  }

  for (const extractor of LOADABLE_EXTRACTOR_NAMES) {
    it(`puts ${extractor}'s landmarks in the same images in the same places`, {
      skip: extractorMissing(extractor),
    }, () => {
      for (const backend of ['ffmpeg', 'opencv'])
        findLandmarks('ffmpeg', extractor, backend, `${extractor}_${backend}`);
      const points = apart(`${extractor}_ffmpeg`, `${extractor}_opencv`);
      assert.ok(points.length > 10, `${points.length}`);
      for (const face of points) assert.equal(Math.max(...face), 0);
    });
  }

  it('puts landmarks in the frames that each took within half a pixel', () => {
    for (const backend of ['ffmpeg', 'opencv'])
      findLandmarks(backend, 'face_mesh_attention', backend, `clips_${backend}`);
    // Two encoders of JPEG: single points may be further apart.
    for (const face of apart('clips_ffmpeg', 'clips_opencv')) {
      const mean = face.reduce((a, b) => a + b) / face.length;
      assert.ok(mean < 0.5, `${mean} pixels`);
    }
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
