import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setupModule } from './setup_modules.js';

interface Python {
  version: number[];
  executable: string;
  include: string;
  headers: boolean;
  venv: boolean;
}

const { checkMachine, isAtLeast, parseVersion, whatPythonLacks } = await setupModule<{
  checkMachine(): { python: Python; summary: string };
  isAtLeast(version: number[], minimum: number[]): boolean;
  parseVersion(text: string): number[];
  whatPythonLacks(python: Python): Error | undefined;
}>('machine.mjs');

const python = { version: [3, 12, 1], executable: '/usr/bin/python3', include: '/inc', headers: true, venv: true };

describe('checkMachine', () => {
  it('finds what this machine has, a Python that set-up did not make among it', () => {
    const { python: found, summary } = checkMachine();
    assert.match(summary, /^Node\.js \d+\.\d+\.\d+, Python 3\.\d+\.\d+, CMake \d+\.\d+\.\d+, \S+ \d+\.\d+\.\d+$/);
    assert.ok(found.headers && found.venv);
    assert.ok(!found.executable.includes('/.ros/'));
  });
});

describe('whatPythonLacks', () => {
  it('is nothing where all is there', () => assert.equal(whatPythonLacks(python), undefined));

  for (const { what, lacking, words } of [
    { what: 'a newer version', lacking: { version: [3, 9, 18] }, words: /Python 3\.9\.18, expected 3\.10 or newer/ },
    {
      what: 'venv',
      lacking: { venv: false },
      words: /no venv.*\n.*apt-get install python3-venv \(or python3\.12-venv\)/,
    },
    {
      what: 'headers',
      lacking: { headers: false },
      words: /\/inc\/Python\.h.*\n.*apt-get install python3-dev \(or python3\.12-dev\)/,
    },
  ]) {
    it(`names ${what}, and the package that has it`, () => {
      assert.match(whatPythonLacks({ ...python, ...lacking })!.message, words);
    });
  }
});

describe('versions', () => {
  it('are found in what programs print', () => {
    assert.deepEqual(parseVersion('v20.20.2'), [20, 20, 2]);
    assert.deepEqual(parseVersion('cmake version 3.25.1\n\nCMake suite'), [3, 25, 1]);
    assert.deepEqual(parseVersion('c++ (Debian 12.2.0-14+deb12u1) 12.2.0'), [12, 2, 0]);
    assert.deepEqual(parseVersion('GNU Make 4.4'), [4, 4, 0]);
  });

  it('are compared part by part', () => {
    assert.ok(isAtLeast([20, 20, 2], [20, 20, 2]));
    assert.ok(isAtLeast([24, 0, 0], [20, 20, 2]));
    assert.ok(isAtLeast([3, 20, 0], [3, 9, 18]));
    assert.ok(!isAtLeast([20, 20, 1], [20, 20, 2]));
    assert.ok(!isAtLeast([3, 9, 18], [3, 10, 0]));
  });
});
