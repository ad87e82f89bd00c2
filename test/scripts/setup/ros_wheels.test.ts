import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { packageRoot } from '../../../src/package_root.js';
import { setupModule } from './setup_modules.js';

const { withLocalHeaders } = await setupModule<{
  withLocalHeaders(text: string, includes: { python: string; numpy: string }): string;
}>('ros_wheels.mjs');

const scripts = join(packageRoot(), 'scripts');
const names = (file: string) =>
  readFileSync(join(scripts, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) =>
      line
        .toLowerCase()
        .replace(/[[=].*/, '')
        .replaceAll('_', '-')
        .trim(),
    );

describe('withLocalHeaders', () => {
  it("replaces the build machine's folders of headers, whichever Python built the wheel", () => {
    for (const version of ['3.10', '3.11', '3.14']) {
      const build = `/opt/python/cp${version.replace('.', '')}-cp${version.replace('.', '')}`;
      const text = `INCLUDES "\${_PREFIX}/include/x;${build}/include/python${version};${build}/lib/python${version}/site-packages/numpy/_core/include"`;
      assert.equal(withLocalHeaders(text, { python: '/py', numpy: '/np' }), `INCLUDES "\${_PREFIX}/include/x;/py;/np"`);
    }
  });

  it('has left none of them in the environment that set-up made', {
    skip: !existsSync(join(packageRoot(), '.ros', 'kilted')),
  }, () => {
    const share = join(packageRoot(), '.ros', 'kilted', 'share');
    const files = readdirSync(share, { recursive: true }).map(String);
    const cmakeFiles = files.filter((file) => /\/cmake\/[^/]*\.cmake$/.test(file));
    assert.ok(cmakeFiles.length > 100);
    for (const file of cmakeFiles) assert.ok(!readFileSync(join(share, file), 'utf8').includes('/opt/python/'), file);
  });
});

describe('the constraints', () => {
  it('pin every required wheel to one version for each Python', () => {
    const pinned = new Set(names('ros_constraints.txt'));
    for (const name of [...names('ros_requirements.txt'), ...names('ffmpeg_requirements.txt')]) {
      assert.ok(pinned.has(name), name);
    }
    const lines = readFileSync(join(scripts, 'ros_constraints.txt'), 'utf8').split('\n');
    for (const line of lines.filter((text) => text !== '' && !text.startsWith('#'))) {
      assert.match(line, /^[a-z0-9-]+==[0-9][0-9a-z.]*( ; python_version .+)?$/);
    }
  });
});
