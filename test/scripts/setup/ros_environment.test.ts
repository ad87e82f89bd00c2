import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { packageRoot } from '../../../src/package_root.js';
import { setupModule } from './setup_modules.js';

interface Ros {
  kind: 'sourced' | 'wheels';
  distro: string;
  prefix: string;
  python: string;
}

const { findRos, rosEnvironment, joinPath } = await setupModule<{
  findRos(): Ros;
  rosEnvironment(ros?: Ros, base?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  joinPath(...parts: (string | undefined)[]): string;
}>('ros_environment.mjs');

const wheels = join(packageRoot(), '.ros', 'kilted');
const install = join(packageRoot(), '.ros', 'install');

describe('findRos', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fer-ros-'));
  const sourced = join(folder, 'opt', 'ros', 'jazzy');
  mkdirSync(join(sourced, 'share', 'rcl'), { recursive: true });
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'ros2'), '#!/bin/sh\n', { mode: 0o755 });
  after(() => rmSync(folder, { recursive: true }));

  const names = ['ROS_DISTRO', 'AMENT_PREFIX_PATH', 'PATH'];
  const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  function environment(values: Record<string, string>): void {
    for (const name of names) delete process.env[name];
    Object.assign(process.env, { PATH: before.PATH }, values);
  }
  afterEach(() => {
    for (const name of names) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  it('takes the one that is sourced', () => {
    environment({ ROS_DISTRO: 'jazzy', AMENT_PREFIX_PATH: `/an/overlay:${sourced}` });
    const { kind, distro, prefix } = findRos();
    assert.deepEqual({ kind, distro, prefix }, { kind: 'sourced', distro: 'jazzy', prefix: sourced });
  });

  it('takes the wheels where none is sourced, and where they are what is sourced', () => {
    const expected = { kind: 'wheels', distro: 'kilted', prefix: wheels, python: join(wheels, 'bin', 'python') };
    environment({});
    assert.deepEqual(findRos(), expected);
    environment({ ROS_DISTRO: 'kilted', AMENT_PREFIX_PATH: `${install}:${wheels}` });
    assert.deepEqual(findRos(), expected);
  });

  it('refuses one that is half sourced, and says what to do', () => {
    environment({ ROS_DISTRO: 'jazzy', PATH: `${join(folder, 'bin')}${delimiter}${before.PATH}` });
    assert.throws(
      findRos,
      /ROS 2 jazzy is sourced, but AMENT_PREFIX_PATH \(empty\) has no rcl\n.*source the whole ROS 2/,
    );
  });
});

describe('rosEnvironment', () => {
  const fromWheels = {
    kind: 'wheels',
    distro: 'kilted',
    prefix: wheels,
    python: join(wheels, 'bin', 'python'),
  } as const;
  const sourced = { kind: 'sourced', distro: 'jazzy', prefix: '/opt/ros/jazzy', python: '/usr/bin/python3' } as const;

  it('leads to our package first, then to the wheels', () => {
    const env = rosEnvironment(fromWheels, { PATH: '/bin', HOME: '/home/me' });
    assert.equal(env.AMENT_PREFIX_PATH, `${install}:${wheels}`);
    assert.ok(env.LD_LIBRARY_PATH!.startsWith(`${install}/lib:${wheels}/lib`));
    assert.equal(env.PATH, `${wheels}/bin:/bin`);
    assert.equal(env.ROS_DISTRO, 'kilted');
    assert.equal(env.HOME, '/home/me');
  });

  it('takes nothing from another ROS 2 into the wheels, but keeps overlays on themselves', () => {
    const { AMENT_PREFIX_PATH: other } = rosEnvironment(fromWheels, { AMENT_PREFIX_PATH: '/opt/ros/humble' });
    assert.equal(other, `${install}:${wheels}`);
    const { AMENT_PREFIX_PATH: overlaid } = rosEnvironment(fromWheels, { AMENT_PREFIX_PATH: `/overlay:${wheels}` });
    assert.equal(overlaid, `${install}:/overlay:${wheels}`);
  });

  it('keeps a sourced ROS 2 as it is behind our package', () => {
    const env = rosEnvironment(sourced, {
      ROS_DISTRO: 'jazzy',
      AMENT_PREFIX_PATH: '/opt/ros/jazzy',
      PATH: '/opt/ros/jazzy/bin:/bin',
    });
    assert.equal(env.AMENT_PREFIX_PATH, `${install}:/opt/ros/jazzy`);
    assert.equal(env.PATH, '/opt/ros/jazzy/bin:/bin');
    assert.equal(env.ROS_DISTRO, 'jazzy');
  });

  it('changes nothing when it is made from itself', () => {
    const once = rosEnvironment(fromWheels, { PATH: '/bin' });
    assert.deepEqual(rosEnvironment(fromWheels, once), once);
  });
});

describe('joinPath', () => {
  it('drops empty parts and repeats', () => {
    assert.equal(joinPath('/a', undefined, '/b:/a:', '', '/c'), '/a:/b:/c');
  });
});
