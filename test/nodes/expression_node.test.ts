import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DEFAULT_MODEL, modelLocation } from '../../src/learner/checkpoint/model_location.js';
import { clipFiles, clipsMissing } from '../support/clips.js';
import { Probe, ROS_DOMAIN, rosMissing, startNode, type TestProcess } from '../support/ros_processes.js';

const environment = { ROS_DOMAIN_ID: ROS_DOMAIN };
const EXPRESSIONS = '/expression_node/expressions';
const skip = rosMissing || clipsMissing;

describe('expression_node with a camera', { skip }, () => {
  let node: TestProcess;
  let probe: Probe;
  let camera: TestProcess;

  function startCamera(): TestProcess {
    const clip = clipFiles('asl', '.mkv')[0]!;
    return startNode('camera_node', ['-p', `source:=${clip}`, '-p', 'loop:=true', '-p', 'frame_id:=head'], environment);
  }

  before(async () => {
    node = startNode('expression_node', ['-r', 'image:=image_raw', '-p', 'max_faces:=3'], environment);
    probe = new Probe(EXPRESSIONS, 'image_raw', environment);
    await Promise.all([node.line(/Ready: model/), probe.line(/"ready"/)]);
    camera = startCamera();
  });
  after(() => Promise.all([camera, probe, node].map((process) => process.stop())));

  it('publishes messages with the headers of images, in order', async () => {
    const heard = await probe.hear(40);
    const stamps = new Set(probe.images.map(({ image }) => image));
    // The camera keeps one image for those who are slow, so the probe itself may miss a few.
    const known = heard.filter(({ expressions }) => stamps.has(expressions)).length;
    assert.ok(known >= 0.8 * heard.length, `${known} of ${heard.length} messages have an image's stamp`);
    heard.forEach(({ expressions, frame_id, faces }, index) => {
      assert.equal(frame_id, 'head');
      if (index > 0) assert.ok(expressions > heard[index - 1]!.expressions);
      for (const face of faces) assert.deepEqual([face.stamp, face.frame_id], [expressions, 'head']);
    });
  });

  it('keeps the id of the one face, and tells what it expresses once the window is full', async () => {
    const model = modelLocation(DEFAULT_MODEL);
    const metadata = JSON.parse(await readFile(join(model.directory, `${model.name}.json`), 'utf8'));
    const { classes, window } = metadata.inference_params;
    const span = Math.max(...window.ages_seconds) * 1e9;
    const heard = await probe.hear(20, ({ faces }) => faces.some(({ category }) => category !== ''));
    for (const { expressions, faces } of heard) {
      assert.equal(faces.length, 1);
      const face = faces[0]!;
      assert.equal(face.track_id, 1);
      assert.deepEqual(
        face.classes.map(([name]) => name),
        classes,
      );
      assert.equal(face.category, classes[face.category_index]);
      assert.ok(Math.abs(face.confidence - face.classes[face.category_index]![1]) < 1e-6);
      // A category gives way only to one that leads by more than this (SteadyEstimate's margin).
      assert.ok(face.classes.every(([, mean]) => mean <= face.confidence + 0.1 + 1e-6));
      assert.ok(Math.abs(face.classes.reduce((sum, [, mean]) => sum + mean, 0) - 1) < 1e-4);
      assert.ok(face.predictive_entropy >= face.mutual_information && face.mutual_information >= 0);
      assert.ok(face.predictive_entropy <= Math.log(classes.length) + 1e-6);
      assert.equal(face.repeats, 100);
      const [x, y, width, height] = face.box;
      assert.ok(x > 200 && y > 20 && width > 40 && width < 130 && height > 40 && height < 150);
      assert.equal(face.landmarks.length, 68);
      assert.ok(face.landmarks.every(([px, py]) => px > x - 20 && px < x + width + 20 && py > y - 30 && py < y + 150));
      const [start, end, length] = face.window;
      assert.ok(Math.abs(end - expressions) < 1000 && Math.abs(end - start - length) < 1000);
      assert.ok(length <= span + 1000 && length > 0.7 * span);
      const [perception, inference, latency] = face.milliseconds;
      assert.ok(perception > 0 && inference > 0 && latency > perception);
    }
  });

  it('is not harmed by bad images', async () => {
    const good = { encoding: 'bgr8', width: 64, height: 48, step: 192, size: 192 * 48 };
    for (const { image, words } of [
      { image: { ...good, size: 100 }, words: /the length of data is 100, expected 9216 bytes/ },
      { image: { ...good, size: 192 * 49 }, words: /the length of data is 9408, expected 9216/ },
      { image: { ...good, step: 10 }, words: /step is 10, expected at least 192/ },
      { image: { ...good, encoding: 'nonsense' }, words: /encoding is "nonsense", expected one of rgb8/ },
      { image: { ...good, width: 0, height: 0, step: 0, size: 0 }, words: /width is 0, expected at least 1 pixel/ },
      {
        image: { ...good, encoding: 'uyvy', width: 63, step: 126, size: 126 * 48 },
        words: /width is 63, expected an even/,
      },
    ]) {
      // The camera's next image may push a bad one out of the queue, so it is sent until it was seen.
      for (let round = 0; !node.lines.some((line) => words.test(line)); round++) {
        assert.ok(round < 60, `no warning like ${words}; the node said:\n${node.lines.join('\n')}`);
        await probe.publish(image);
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
      const warning = node.lines.find((line) => words.test(line))!;
      assert.match(warning, /WARN.*\(from the image on \/image_raw\)/);
    }
    const heard = await probe.hear(10, ({ frame_id }) => frame_id === 'head');
    assert.ok(heard.every(({ faces }) => faces.length <= 1));
  });

  it('takes other parameters while it runs, and says why it refuses one', async () => {
    const taken = await probe.setParameter('/expression_node', 'mcdo_repeats', 5);
    assert.deepEqual([taken.successful, taken.reason], [true, '']);
    await probe.hear(5, ({ faces }) => faces[0]?.repeats === 5);
    const refused = await probe.setParameter('/expression_node', 'mcdo_repeats', 1001);
    assert.equal(refused.successful, false);
    assert.match(refused.reason, /mcdo_repeats is 1001, expected an integer from 0 to 1000/);
    const wrongType = await probe.setParameter('/expression_node', 'max_faces', 'all');
    assert.equal(wrongType.successful, false);
    assert.match(wrongType.reason, /max_faces is "all", expected an integer from 1 to 64/);
    const active = await probe.setParameter('/expression_node', 'model', 'another');
    assert.equal(active.successful, false);
    assert.match(active.reason, /model is "another", expected no change while the node is active: deactivate it first/);
    const readOnly = await probe.setParameter('/expression_node', 'autostart', false);
    assert.equal(readOnly.successful, false);
    assert.match(readOnly.reason, /autostart is false, expected no change: it is read when the node starts/);
    await probe.hear(3, ({ faces }) => faces[0]?.repeats === 5);
  });

  it('goes on when the camera stops and comes back', async () => {
    await camera.stop();
    await node.line(/No image on \/image_raw for \d+ s/, 20);
    const before = probe.heard.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(probe.heard.length, before, 'nothing is published without images');
    camera = startCamera();
    await node.line(/Images arrive on \/image_raw again/);
    const heard = await probe.hear(10, ({ faces }) => faces[0]?.category !== undefined && faces[0].category !== '');
    assert.ok(heard[0]!.faces[0]!.track_id >= 1);
  });

  it('publishes an empty list for an image without a face, also from a best-effort camera', async () => {
    await camera.stop();
    const blank = { encoding: 'mono8', width: 320, height: 240, step: 320, size: 320 * 240, reliable: false };
    const stamps = new Set<number>();
    // The node first has to see what the new publisher offers.
    for (let round = 0; round < 60 && !probe.heard.some(({ expressions }) => stamps.has(expressions)); round++) {
      stamps.add(await probe.publish(blank));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const answer = probe.heard.find(({ expressions }) => stamps.has(expressions));
    assert.ok(answer, 'no message about a blank image');
    assert.deepEqual([answer.frame_id, answer.faces], ['probe', []]);
  });

  it('takes the time of arrival for images without a stamp, and says so', async () => {
    const unstamped = { encoding: 'mono8', width: 320, height: 240, step: 320, size: 320 * 240, stamped: false };
    for (let round = 0; round < 60 && !probe.heard.some(({ expressions }) => expressions === 0); round++) {
      await probe.publish({ ...unstamped, reliable: false });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(probe.heard.some(({ expressions, faces }) => expressions === 0 && faces.length === 0));
    await node.line(/WARN.*On \/image_raw: Images have no stamp/);
  });
});

describe('expression_node by itself', { skip: rosMissing }, () => {
  const ready = /Ready: model/;

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`stops cleanly on ${signal}`, async () => {
      const node = startNode('expression_node', [], environment);
      await node.line(ready);
      const start = performance.now();
      node.kill(signal);
      assert.equal(await node.exit, 0);
      assert.ok(performance.now() - start < 2000, `took ${performance.now() - start} ms`);
    });
  }

  it('stops cleanly on SIGTERM while it is still loading', async () => {
    const node = startNode('expression_node', [], environment);
    await new Promise((resolve) => setTimeout(resolve, 600));
    node.kill('SIGTERM');
    // Before the node has asked for the signal, the signal ends it by itself.
    assert.ok([0, 'SIGTERM'].includes(await node.exit));
  });

  it('names the file of a missing model, and waits to be configured again', async () => {
    const node = startNode('expression_node', ['-p', 'model:=/nowhere/absent'], environment);
    await node.line(/ERROR.*Failed to configure: .*\/nowhere\/absent\.json/);
    await node.line(/ERROR.*The node is unconfigured.*ros2 lifecycle set \/expression_node configure/);
    await node.stop();
    assert.equal(await node.exit, 0);
  });

  it('names the file of a broken model, and waits to be configured again', async () => {
    const { directory, name } = modelLocation(DEFAULT_MODEL);
    const folder = await mkdtemp(join(tmpdir(), 'broken_model_'));
    await copyFile(join(directory, `${name}.json`), join(folder, `${name}.json`));
    await writeFile(join(folder, `${name}.pt`), 'these are no weights');
    const node = startNode('expression_node', ['-p', `model:=${join(folder, name)}`], environment);
    await node.line(/ERROR.*Failed to configure: .*broken_model_\w+\/expressions\.pt/);
    await node.stop();
    await rm(folder, { recursive: true });
  });

  for (const { argument, words } of [
    { argument: 'mcdo_repeats:=-3', words: /mcdo_repeats is -3, expected an integer from 0 to 1000/ },
    {
      argument: 'landmark_extractor:=kinect',
      words: /landmark_extractor is "kinect", expected one of face_mesh_attention/,
    },
    { argument: 'landmark_smoothing:=5', words: /landmark_smoothing is 5, expected true or false/ },
    { argument: 'device:=abacus', words: /device is "abacus", expected one of auto, cpu, cuda, webgpu/ },
    { argument: 'reliability:=some', words: /reliability is "some", expected one of auto, reliable, best_effort/ },
  ]) {
    it(`refuses to start with ${argument}`, async () => {
      const node = startNode('expression_node', ['-p', argument], environment);
      assert.equal(await node.exit, 1);
      assert.match(node.lines.join('\n'), words);
    });
  }

  it('warns once of landmarks that the model was not trained for, and of no others', async () => {
    const { directory, name } = modelLocation(DEFAULT_MODEL);
    const folder = await mkdtemp(join(tmpdir(), 'trained_for_'));
    const metadata = JSON.parse(await readFile(join(directory, `${name}.json`), 'utf8'));
    metadata.inference_params.landmark_extractors = ['face_mesh'];
    delete metadata.inference_params.sha256;
    await writeFile(join(folder, `${name}.json`), JSON.stringify(metadata));
    await copyFile(join(directory, `${name}.pt`), join(folder, `${name}.pt`));
    for (const { extractor, warnings } of [
      { extractor: 'face_mesh_attention', warnings: 1 },
      { extractor: 'face_mesh', warnings: 0 },
    ]) {
      const args = ['-p', `model:=${join(folder, name)}`, '-p', `landmark_extractor:=${extractor}`];
      const node = startNode('expression_node', [...args, '-p', 'landmark_smoothing:=true'], environment);
      await node.line(new RegExp(`Ready: model .*, landmarks of ${extractor},`));
      const said = node.lines.filter((line) => /WARN.*was trained for landmarks of face_mesh, but/.test(line));
      assert.equal(said.length, warnings, extractor);
      await node.stop();
    }
    await rm(folder, { recursive: true });
  });

  it('warns of a parameter that it does not have', async () => {
    const node = startNode('expression_node', ['-p', 'mcdo_repeat:=5'], environment);
    await node.line(/WARN.*There is no parameter mcdo_repeat; .* autostart, model, device, threads/);
    await node.stop();
  });
});
