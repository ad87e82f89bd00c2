import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { readImageFile } from '../../src/camera/image_file.js';
import { readNpy } from '../../src/datasets/npy.js';
import { landmarksInBoxes } from '../../src/perception/dlib/landmarks_in_boxes.js';
import { readShapePredictor } from '../../src/perception/dlib/shape_predictor_file.js';
import { ffmpegMissing } from '../support/clips.js';
import { shapePredictorFile, shapePredictorMissing } from '../support/dlib.js';
import { NO_SHARED_DATA, sharedData, temporaryFolder } from '../support/folders.js';
import { pstbln } from '../support/pstbln_command.js';

const faces = sharedData('faces');
const folder = temporaryFolder();
const skip = shapePredictorMissing || ffmpegMissing || (faces === null && NO_SHARED_DATA);

describe('pstbln prepare landmarks with dlib', { skip }, () => {
  const images = faces === null ? [] : readdirSync(faces).filter((name) => name.endsWith('.jpg'));
  const at = (...parts: string[]) => join(folder.path, ...parts);
  before(() => {
    mkdirSync(at('images', 'faces'), { recursive: true });
    for (const name of images) copyFileSync(join(faces!, name), at('images', 'faces', name));
    const lines = images.slice(1).map((name, i) => `faces/${name},${10 + i},12,${130 + i},132`);
    writeFileSync(at('boxes.csv'), `image,left,top,right,bottom\n${lines.join('\n')}\n`);
  });
  const line = 'prepare landmarks --frames-folder images --landmark-folder';

  it('puts its landmarks into the boxes of a CSV, and lists images without one', async () => {
    const { status, stdout, stderr } = pstbln(
      folder.path,
      `${line} boxed --extractor dlib --shape_predictor ${shapePredictorFile} --boxes boxes.csv --json`,
    );
    assert.equal(status, 0, stderr);
    assert.equal(JSON.parse(stdout).without_a_face, 1);
    const predictor = await readShapePredictor(shapePredictorFile!);
    for (const [i, name] of images.slice(1).entries()) {
      const image = await readImageFile(at('images', 'faces', name), 'a test');
      const box = { left: 10 + i, top: 12, right: 130 + i, bottom: 132 };
      const { values } = readNpy(at('boxed', 'faces', name.replace(/\.jpg$/, '.npy')));
      assert.deepEqual(values, landmarksInBoxes(predictor, image, [box])[0]);
    }
  });

  it('is what the shape predictor alone stands for, and detects faces', () => {
    const { status, stdout, stderr } = pstbln(
      folder.path,
      `${line} found --shape_predictor=${shapePredictorFile} --json`,
    );
    assert.equal(status, 0, stderr);
    const told = JSON.parse(stdout);
    assert.deepEqual([told.extractor, told.frames, told.without_a_face], ['dlib', images.length, 0]);
  });

  it('gives the same landmarks where threads share its model', () => {
    for (const [i, name] of images.entries()) {
      mkdirSync(at('parted', `${i}`), { recursive: true });
      copyFileSync(join(faces!, name), at('parted', `${i}`, name));
    }
    const landmarks = [1, 4].map((jobs) => {
      const output = `parted_${jobs}`;
      const line = `prepare landmarks --frames-folder parted --landmark-folder ${output} --extractor dlib --jobs ${jobs}`;
      const { status, stderr } = pstbln(folder.path, line);
      assert.equal(status, 0, stderr);
      return images.map((name, i) => readNpy(at(output, `${i}`, name.replace(/\.jpg$/, '.npy'))).values);
    });
    assert.deepEqual(landmarks[1], landmarks[0]);
  });

  it('is refused where another extractor is named', () => {
    assert.match(pstbln(folder.path, `${line} x --boxes boxes.csv`).stderr, /--boxes.*--extractor dlib/);
    const other = pstbln(folder.path, `${line} x --extractor face_mesh --shape-predictor ${shapePredictorFile}`);
    assert.match(other.stderr, /--shape-predictor.*--extractor dlib/);
  });
});
