import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromiumPath } from '../../support/browser.js';

/** Chromium's folder, where that comes with SwiftShader, a graphics driver for the processor; else null. */
function swiftShaderFolder(): string | null {
  const chromium = chromiumPath();
  if (chromium === null || process.platform !== 'linux') return null;
  const folder = dirname(realpathSync(chromium));
  // Debian's command is a script beside the program's folder.
  const candidates = [folder, join(folder, '..', 'lib', 'chromium'), join(folder, '..', 'lib', 'chromium-browser')];
  return candidates.find((path) => existsSync(join(path, 'vk_swiftshader_icd.json'))) ?? null;
}

const folder = swiftShaderFolder();

it("onnxruntime's answers and trainings on WebGPU are those on the CPU", {
  skip: folder === null && "needs Chromium's SwiftShader",
}, () => {
  const driver = join(folder!, 'vk_swiftshader_icd.json');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('webgpu_differences.js', import.meta.url))],
    {
      encoding: 'utf8',
      env: { ...process.env, LD_LIBRARY_PATH: folder!, VK_ICD_FILENAMES: driver, VK_DRIVER_FILES: driver },
    },
  );
  assert.equal(status, 0, stderr);
  const differences: Record<string, number> = JSON.parse(stdout);
  assert.equal(Object.keys(differences).length, 20);
  for (const [name, difference] of Object.entries(differences)) assert.ok(difference < 1e-4, `${name}: ${difference}`);
});
