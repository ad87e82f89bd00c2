import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { resolveDevice } from '../../../src/learner/onnx/device.js';

/** Whether onnxruntime works on a device, in a process of its own, which a driver could crash. */
function tryDevice(device: string): { status: number | null; stdout: string; stderr: string } {
  const file = JSON.stringify(new URL('../../../src/learner/onnx/device.js', import.meta.url).href);
  const script = `const { resolveDevice } = await import(${file});
    await resolveDevice('${device}', 'the test').then(console.log, (error) => console.log(error.name, error.message));`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', timeout: 120_000 });
}

const found = { cuda: tryDevice('cuda'), webgpu: tryDevice('webgpu') };
const isThere = (device: 'cuda' | 'webgpu') => found[device].stdout.trim() === device;

describe('a device of onnxruntime', () => {
  it('is the CPU where that is asked for', async () => {
    assert.equal(await resolveDevice('cpu', 'the test'), 'cpu');
  });

  it('is CUDA or the CPU where auto is asked for', async () => {
    assert.equal(await resolveDevice('auto', 'the test'), isThere('cuda') ? 'cuda' : 'cpu');
  });

  for (const device of ['cuda', 'webgpu'] as const) {
    it(`that is not there is an error, not a crash and not the CPU: ${device}`, () => {
      const { status, stdout, stderr } = found[device];
      assert.equal(status, 0, stderr);
      assert.match(stdout.trim(), new RegExp(`^(${device}$|InvalidInputError )`));
    });
  }

  it('cuda that is not there says what it needs and which command gets it', { skip: isThere('cuda') }, async () => {
    await assert.rejects(resolveDevice('cuda', '--device'), (error: unknown) => {
      assert.ok(error instanceof InvalidInputError);
      assert.equal(error.thing, 'device');
      assert.match(error.message, /^device is "cuda", expected .*\(from --device\)$/s);
      if (process.platform === 'linux' && process.arch === 'x64') {
        assert.match(error.message, /ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node/);
        assert.match(error.message, /NVIDIA driver.*cuDNN/);
      }
      return true;
    });
  });

  it('webgpu that is not there says what it needs', { skip: isThere('webgpu') }, async () => {
    await assert.rejects(resolveDevice('webgpu', '--device'), (error: unknown) => {
      assert.ok(error instanceof InvalidInputError);
      assert.match(error.message, /^device is "webgpu", expected .*WebGPU.*\(from --device\)$/s);
      return true;
    });
  });
});
