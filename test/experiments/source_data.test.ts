import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mirrorWindow } from '../../src/datasets/augmentation.js';
import { readLandmarkSources } from '../../src/datasets/landmark_sources.js';
import { landmarkRecipe, parseRecipe } from '../../src/experiments/recipe.js';
import { SourceData } from '../../src/experiments/source_data.js';
import { FaceAlignment } from '../../src/perception/window/face_alignment.js';
import { NO_SHARED_DATA, sharedData } from '../support/folders.js';

const dlib = sharedData('ckplus_landmarks');
const mesh = sharedData('ckplus_landmarks_face_mesh');
const stills = sharedData('wild_landmarks');
const absent = dlib === null || mesh === null || stills === null;

describe('CK+ through two extractors, and stills in the wild', { skip: absent && NO_SHARED_DATA }, () => {
  const sources = absent
    ? []
    : [{ landmarks: dlib, extractor: 'dlib' }, { landmarks: mesh, extractor: 'face_mesh' }, { stills }];
  const text = `{ name: x, window: { ages_seconds: [0.1, 0], sequence_frames: [-2, -1], points: all, alignment: inner,
    representation: displacement_from_reference }, sampling: { epoch_size: 200, class_shares: { Neutral: 2 } },
    augmentation: { jitter: 0.01, offset: 0.01, turn: 0.02, blend: 1 }, sources: ${JSON.stringify(sources)} }`;
  const made = () => {
    const recipe = landmarkRecipe(parseRecipe(text), 'the test');
    const data = new SourceData(readLandmarkSources(sources));
    const classes = data.classes();
    return { data, classes, training: data.training(recipe, classes) };
  };

  it('make epochs that follow from the seed, with set shares of the classes', () => {
    const { classes, training } = made();
    const epoch = training.source.epoch(5);
    assert.deepEqual(training.source.epoch(5), epoch);
    assert.notDeepEqual(training.source.epoch(6).data, epoch.data);
    assert.ok(epoch.data.every(Number.isFinite));
    const of = (name: string) => epoch.labels.filter((label) => classes[label] === name).length;
    assert.equal(epoch.count, 200);
    // Each stream has Neutral twice as often as another class.
    assert.ok(Math.abs(of('Neutral') - 2 * of('Happy')) <= 6, `${of('Neutral')} and ${of('Happy')}`);
  });

  it('have symmetrical reference faces, and an own neutral face that leaves nothing of a first frame', () => {
    const { data, classes, training } = made();
    const { features } = training.window;
    for (const face of [features.mean_face, ...Object.values(features.reference_faces!)]) {
      const mirrored = mirrorWindow(Float32Array.from(face));
      assert.ok(face.every((value, i) => Math.abs(value - mirrored[i]!) < 2e-6));
    }
    assert.deepEqual(training.extractors, ['dlib', 'face_api', 'face_mesh', 'face_mesh_attention']);
    const aligned = new FaceAlignment(features).align(Float32Array.from(features.reference_faces!.dlib!));
    const moved = Math.max(...aligned.map((value, i) => Math.abs(value - features.reference_faces!.dlib![i]!)));
    assert.ok(moved < 0.02, `${moved}`);
    const { samples, groups } = data.heldOut(training.window, classes);
    const size = samples.data.length / samples.count;
    const rms = (reference: string) => {
      const rows = groups!.flatMap((group, i) =>
        group.source === 'sequences' && group.extractor === 'dlib' && group.reference === reference ? [i] : [],
      );
      assert.equal(rows.length, 259);
      const sum = rows.reduce((total, row) => {
        const values = samples.data.subarray(row * size, (row + 1) * size);
        return total + values.reduce((square, value) => square + value * value, 0);
      }, 0);
      return Math.sqrt(sum / rows.length / size);
    };
    assert.ok(rms('own') < 0.9 * rms('mean'), `${rms('own')} and ${rms('mean')}`);
    assert.equal(groups!.filter(({ source, reference }) => source === 'first_frames' && reference === 'own').length, 0);
  });

  it('have outputs of their own in a stream that asks for them', () => {
    const { data, classes, training } = made();
    assert.deepEqual(training.classOfOutput, []);
    const recipe = parseRecipe(text, [change('own_outputs', '[stills]'), change('streams.stills', '0.5')]);
    const own = data.training(landmarkRecipe(recipe, 'the test'), classes);
    const ofStills = own.classOfOutput.slice(classes.length).map((label) => classes[label]);
    assert.deepEqual(ofStills, ['Angry', 'Disgust', 'Happy', 'Sad', 'Surprise', 'Neutral']);
    assert.deepEqual(own.classOfOutput.slice(0, classes.length), [...classes.keys()]);
    const { labels, count } = own.source.epoch(5);
    const still = [...labels].filter((output) => output >= classes.length).length;
    assert.ok(Math.abs(still / count - 0.5 / 1.15) < 0.02, `${still} of ${count} are of stills`);
  });

  it('show the landmarks of one extractor more often than those of another', () => {
    const { data, classes } = made();
    const learning = (shares: string) =>
      data.training(landmarkRecipe(parseRecipe(text, [change('extractor_shares', shares)]), 'the test'), classes);
    const almostDlib = learning('{ face_mesh: 1e-9, face_mesh_attention: 1e-9, face_api: 1e-9 }').source.epoch(2);
    const almostMesh = learning('{ dlib: 1e-9, face_mesh_attention: 1e-9, face_api: 1e-9 }').source.epoch(2);
    const equal = learning('{}').source.epoch(2);
    assert.deepEqual(almostDlib.labels, equal.labels);
    assert.notDeepEqual(almostDlib.data, almostMesh.data);
    assert.notDeepEqual(almostDlib.data, equal.data);
  });

  it('move the expressions of some classes alone to the faces of stills, weaker than they were posed', () => {
    const { data, classes } = made();
    const noOther = Object.fromEntries(classes.flatMap((name) => (name === 'Fear' ? [] : [[name, 0]])));
    const learning = (stream: string, changes: Readonly<Record<string, string>> = {}) => {
      const none = { mean_reference: 0, own_reference: 0, moved_expressions: 0, stills: 0 };
      const streams = JSON.stringify({ ...none, [stream]: 1 });
      const all = { extractors: '[dlib]', class_shares: '{}', certain_reference: '1', streams, ...changes };
      const recipe = parseRecipe(
        text.replace(/augmentation: \{.*?\}/, 'augmentation: { mirror: 0 }'),
        Object.entries(all).map(([key, value]) => change(key, value)),
      );
      return data.training(landmarkRecipe(recipe, 'the test'), classes).source.epoch(1);
    };
    const moved = learning('moved_expressions', { moved_classes: '[Fear]' });
    assert.deepEqual([...new Set(moved.labels)], [classes.indexOf('Fear')]);
    assert.deepEqual([...new Set(learning('moved_expressions').labels)].sort(), [0, 1, 2, 3, 4, 5, 6]);
    const mean = ({ data: values, count }: typeof moved) => {
      const sum = new Float64Array(values.length / count);
      values.forEach((value, i) => {
        sum[i % sum.length]! += value / count;
      });
      return sum;
    };
    const posed = mean(learning('own_reference', { class_shares: JSON.stringify(noOther) }));
    const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    const strength = product(mean(moved), posed) / product(posed, posed);
    assert.ok(strength > 0.4 && strength < 0.7, `${strength} of the posed expression`);
  });

  it('refuse classes and extractors that the data do not have', () => {
    const { data, classes } = made();
    for (const [key, value, name] of [
      ['class_shares', '{ Joy: 2 }', 'Joy'],
      ['moved_classes', '[Fear, Awe]', 'Awe'],
      ['extractor_shares', '{ dlip: 2 }', 'dlip'],
    ] as const) {
      const recipe = landmarkRecipe(parseRecipe(text, [change(key, value)]), 'the test');
      const message = new RegExp(`sampling\\.${key} is "${name}", expected some of .*(dlib|Happy).*the recipe`);
      assert.throws(() => data.training(recipe, classes), message);
    }
  });

  it('learn some extractors alone, and answer what is held out through all', () => {
    const { data, classes } = made();
    const learning = (names: string) =>
      data.training(landmarkRecipe(parseRecipe(text, [change('extractors', names)]), 'the test'), classes);
    const { extractors, window } = learning('[dlib]');
    assert.deepEqual(extractors, ['dlib']);
    assert.deepEqual(Object.keys(window.features.reference_faces!), ['dlib']);
    const { groups, samples } = data.heldOut(window, classes);
    const all = made();
    assert.deepEqual(groups, all.data.heldOut(all.training.window, classes).groups);
    assert.ok(samples.data.every(Number.isFinite));
    // The mesh's sequences hold no neutral face, so nothing is compared with one.
    assert.equal(learning('[face_mesh]').source.epoch(1).count, 200);
    assert.throws(() => learning('[dlib, dlip]'), {
      message:
        'sampling.extractors is "dlip", expected some of dlib, face_api, face_mesh, face_mesh_attention (from the recipe)',
    });
  });
});

const change = (key: string, value: string) => ({ key: `sampling.${key}`, value, origin: 'the test' });
