import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { readImageFile } from '../../src/camera/image_file.js';
import { listImageTree } from '../../src/datasets/image_tree.js';
import { InvalidInputError } from '../../src/errors.js';
import { type ImagePerception, imageViews, NO_FACE } from '../../src/experiments/image_views.js';
import type { WindowDescription } from '../../src/learner/model_holder.js';
import { landmarksOfStill } from '../../src/perception/landmarks_of_still.js';
import { FaceMeshExtractor } from '../../src/perception/mediapipe/face_mesh_extractor.js';
import { NO_SHARED_DATA, sharedData, temporaryFolder } from '../support/folders.js';
import { schematicFace } from '../support/schematic_face.js';

const faces = sharedData('faces');
const folder = temporaryFolder();

const window = (representation: 'displacement' | 'displacement_from_reference'): WindowDescription => ({
  ages_seconds: [0.2, 0.1, 0],
  sequence_frames: representation === 'displacement' ? [0, -2, -1] : [-3, -2, -1],
  features: {
    points: 'all',
    alignment: 'inner',
    representation,
    mean_face: schematicFace(),
    ...(representation === 'displacement' ? {} : { reference_faces: { face_mesh: schematicFace() } }),
  },
});

describe('windows of images', { skip: faces === null && NO_SHARED_DATA }, () => {
  let extractor: FaceMeshExtractor;
  let perception: ImagePerception;
  let read: string[] = [];
  let root = '';

  before(async () => {
    extractor = await FaceMeshExtractor.load({ attention: false, threads: 1 });
    perception = {
      read: (path) => {
        read.push(relative(root, path));
        return readImageFile(path, root);
      },
      landmarksOf: async (image) => (await landmarksOfStill(image, extractor))?.landmarks ?? null,
      appearanceOf: async () => null,
    };
  });
  after(() => extractor.release());
  beforeEach(() => {
    root = join(folder.path, 'tree');
    rmSync(root, { recursive: true, force: true });
    read = [];
  });

  /** Copies stills of the shared data by their names; null is a damaged file, '' a grey image without a face. */
  const add = (files: Record<string, string | null>) => {
    for (const [path, name] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      if (name === null) writeFileSync(join(root, path), 'no image');
      else if (name === '') writeFileSync(join(root, path), greyPng());
      else copyFileSync(join(faces!, `${name}.jpg`), join(root, path));
    }
  };
  const viewsOf = (description: WindowDescription) => imageViews(listImageTree(root), description, perception);

  it('are a still repeated, and a sequence compared with its own neutral frame', async () => {
    add({ 'Angry/a.jpg': 'angry' });
    add({
      'S/Angry/1/0.jpg': 'neutral',
      'S/Angry/1/1.jpg': 'sad',
      'S/Angry/1/2.jpg': 'angry',
      'S/Angry/1/3.jpg': 'sad',
    });
    const [still, sequence] = await viewsOf(window('displacement_from_reference'));
    assert.ok(still && 'window' in still && sequence && 'window' in sequence);
    const face = still.window.slice(0, 136);
    assert.deepEqual(still.window, Float32Array.of(...face, ...face, ...face));
    assert.equal(still.ownNeutral, null);
    assert.equal(sequence.window.length, 3 * 136);
    assert.deepEqual(sequence.window.slice(136, 272), face);
    assert.deepEqual(sequence.window.slice(0, 136), sequence.window.slice(272));
    assert.notDeepEqual(sequence.ownNeutral, sequence.window.slice(0, 136));
    assert.equal(sequence.ownNeutral?.length, 136);
  });

  it('are those of an expression that stays where no file is number 0', async () => {
    add({ 'S/Angry/1/1.jpg': 'angry', 'S/Angry/1/2.jpg': 'angry', 'S/Angry/1/3.jpg': 'angry' });
    const [view] = await viewsOf(window('displacement_from_reference'));
    assert.ok(view && 'window' in view);
    assert.equal(view.ownNeutral, null);
  });

  it('need no other images than theirs', async () => {
    const files = ['0', '1', '2', '3', '4', '5'].map((name) => [`S/Sad/1/${name}.jpg`, 'sad'] as const);
    add({ ...Object.fromEntries(files), 'S/Sad/1/1.jpg': null, 'S/Sad/1/2.jpg': null });
    const [compared] = await viewsOf(window('displacement_from_reference'));
    assert.ok(compared && 'window' in compared);
    assert.deepEqual(
      read.toSorted(),
      ['0', '3', '4', '5'].map((name) => `S/Sad/1/${name}.jpg`),
    );
    read = [];
    const [changed] = await viewsOf(window('displacement'));
    assert.ok(changed && 'window' in changed);
    assert.deepEqual(
      read.toSorted(),
      ['0', '4', '5'].map((name) => `S/Sad/1/${name}.jpg`),
    );
  });

  it('are missed, each by itself, where an image is damaged or shows no face', async () => {
    add({ 'Sad/1.jpg': null, 'Sad/2.jpg': 'sad', 'Sad/3.png': '' });
    add({ 'S/Sad/1/1.jpg': 'sad', 'S/Sad/1/2.png': '', 'S/Sad/1/3.jpg': 'sad' });
    const views = await viewsOf(window('displacement_from_reference'));
    const told = views.map((view) => ('reason' in view ? [relative(root, view.file), view.reason] : 'found'));
    assert.deepEqual(told.slice(0, 1), [['S/Sad/1/2.png', NO_FACE]]);
    assert.match(String(told[1]), /^Sad\/1\.jpg,source is ".*Sad\/1\.jpg", expected an image that can be decoded/);
    assert.deepEqual(told.slice(2), ['found', ['Sad/3.png', NO_FACE]]);
  });

  it('are refused for a sequence that is too short, before any image is read', async () => {
    add({ 'Sad/1.jpg': 'sad', 'S/Sad/1/0.jpg': 'sad', 'S/Sad/1/1.jpg': 'sad', 'S/Sad/1/2.jpg': 'sad' });
    await assert.rejects(viewsOf(window('displacement_from_reference')), (error) => {
      assert.ok(error instanceof InvalidInputError);
      assert.match(error.message, /the number of frames is 2, expected enough to take frame -3 \(from .*S\/Sad\/1\)/);
      return true;
    });
    assert.deepEqual(read, []);
  });
});

/** A PNG file of one grey pixel. */
function greyPng(): Buffer {
  return Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
    'base64',
  );
}
