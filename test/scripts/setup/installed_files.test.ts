import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setupModule } from './setup_modules.js';

const { isForRunTime, productionPackages } = await setupModule<{
  isForRunTime(path: string): boolean;
  productionPackages(): string[];
}>('installed_files.mjs');

describe('isForRunTime', () => {
  const thisPlatform = `onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}`;
  for (const path of [
    'zod/package.json',
    'zod/index.js',
    `${thisPlatform}/onnxruntime_binding.node`,
    'onnxruntime-node/bin/napi-v6',
    'face-api.js/model/tiny_face_detector_model.bin',
    'rclnodejs/generated/std_msgs/std_msgs__msg__Header.js',
    'rclnodejs/build/Release/rclnodejs.node',
    'protobufjs/LICENSE',
  ]) {
    it(`keeps ${path}`, () => assert.equal(isForRunTime(path), true));
  }
  for (const path of [
    'zod/index.d.ts',
    '@tensorflow/tfjs/dist/tf.min.js.map',
    'onnxruntime-node/bin/napi-v6/plan9/x64/onnxruntime.node',
    `onnxruntime-node/bin/napi-v6/${process.platform}/sparc`,
    'rclnodejs/prebuilds',
    'rclnodejs/build/Release/obj.target',
    'a/node_modules',
    'yaml/README.md',
  ]) {
    it(`leaves out ${path}`, () => assert.equal(isForRunTime(path), false));
  }
});

describe('productionPackages', () => {
  it('are those that the nodes import, without the tools of development', () => {
    const packages = productionPackages();
    for (const name of ['zod', 'onnxruntime-node', 'face-api.js', 'rclnodejs'])
      assert.ok(packages.includes(`node_modules/${name}`), name);
    for (const name of ['typescript', '@biomejs/biome']) assert.ok(!packages.includes(`node_modules/${name}`), name);
  });
});
