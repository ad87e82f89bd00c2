import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { lstatSync, realpathSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { packageRoot } from '../../src/package_root.js';
import { clipFiles, clipsMissing } from '../support/clips.js';
import { temporaryFolder } from '../support/folders.js';
import { findRos, Probe, ROS_DOMAIN, rosEnvironment, rosMissing, TestProcess } from '../support/ros_processes.js';

const environment = { ROS_DOMAIN_ID: ROS_DOMAIN };
const launchFile = join(packageRoot(), 'launch', 'expression.launch.py');

/** Runs Python code in the environment of ROS 2. */
function python(code: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(findRos().python, ['-c', code, ...args], {
    env: rosEnvironment(),
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const launchMissing: string | false =
  rosMissing ||
  clipsMissing ||
  (python('import launch_ros, ros2launch').status !== 0 &&
    'ros2 launch is not installed (the wheels of ROS 2 have none; source a ROS 2 with it to run this)');

describe('expression.launch.py', { skip: rosMissing }, () => {
  it('lies in the prefix in a folder of its own, where ros2 launch finds it', () => {
    const folder = join(packageRoot(), '.ros', 'install', 'share', 'facial_expression_recognition', 'launch');
    assert.ok(lstatSync(folder).isDirectory(), 'ros2 launch follows no links to folders');
    assert.equal(realpathSync(join(folder, 'expression.launch.py')), realpathSync(launchFile));
  });

  it('is Python, with the function that ros2 launch calls and a description for every argument', () => {
    const list = `
import ast, json, sys
tree = ast.parse(open(sys.argv[1]).read())
functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, 'id', '') == 'DeclareLaunchArgument']
print(json.dumps([functions, [[call.args[0].value, sorted(word.arg for word in call.keywords)] for call in calls]]))`;
    const { status, stdout, stderr } = python(list, launchFile);
    assert.equal(status, 0, stderr);
    const [functions, declared] = JSON.parse(stdout) as [string[], [string, string[]][]];
    assert.ok(functions.includes('generate_launch_description'));
    assert.deepEqual(
      declared.map(([name]) => name),
      [
        'image_topic',
        'namespace',
        'params_file',
        'model',
        'device',
        'opendr_category_topic',
        'opendr_description_topic',
        'autostart',
        'log_level',
        'source',
        'loop',
      ],
    );
    for (const [name, words] of declared) {
      assert.ok(words.includes('description') && words.includes('default_value'), name);
    }
  });
});

describe('ros2 launch', { skip: launchMissing }, () => {
  const folder = temporaryFolder();

  function ros2(...args: string[]): TestProcess {
    const main = 'import sys; from ros2cli.cli import main; sys.exit(main())';
    return new TestProcess(findRos().python, ['-c', main, ...args], environment);
  }

  function launch(...args: string[]): TestProcess {
    return ros2('launch', 'facial_expression_recognition', 'expression.launch.py', ...args);
  }

  it('plays a clip for the node, and stops both on Ctrl-C', async () => {
    const probe = new Probe('/expression_node/expressions', 'image_raw', environment);
    const launched = launch(`source:=${clipFiles('asl', '.mkv')[0]}`);
    try {
      await probe.hear(3, ({ faces }) => faces[0]?.repeats === 100);
      launched.kill('SIGINT');
      assert.equal(await launched.exit, 0);
      for (const node of ['expression_node', 'camera_node']) {
        await launched.line(new RegExp(`${node}-\\d\\]: process has finished cleanly`));
      }
    } finally {
      await Promise.all([probe.stop(), launched.stop()]);
    }
  });

  it('hands on every argument', async () => {
    const parameters = join(folder.path, 'parameters.yaml');
    await writeFile(
      parameters,
      '/**/expression_node:\n  ros__parameters:\n    mcdo_repeats: 7\n    model: /nowhere/absent\n',
    );
    const probe = new Probe('/robot/expression_node/expressions', '/robot/eye/image', environment);
    const launched = launch(
      ...[`source:=${clipFiles('', '.mp4')[0]}`, 'namespace:=robot', 'image_topic:=eye/image'],
      ...[`params_file:=${parameters}`, 'model:=expressions', 'device:=cpu', 'log_level:=warn'],
    );
    try {
      await probe.hear(3, ({ faces }) => faces[0]?.repeats === 7);
      assert.ok(!launched.lines.some((line) => /\[INFO\].*\[robot\./.test(line)), launched.lines.join('\n'));
    } finally {
      await Promise.all([probe.stop(), launched.stop()]);
    }
  });

  it('ends the camera, not the node, when a clip that does not loop is over', async () => {
    // The node says that images are missing only where somebody wants to know of them.
    const probe = new Probe('/expression_node/expressions', 'image_raw', environment);
    const launched = launch(`source:=${clipFiles('asl', '.mkv')[0]}`, 'loop:=false');
    try {
      await launched.line(/The source has ended after 77 images/);
      await launched.line(/camera_node-\d\]: process has finished cleanly/);
      await launched.line(/No image on \/image_raw for \d+ s/);
    } finally {
      await Promise.all([probe.stop(), launched.stop()]);
    }
  });

  it('leaves the states to ros2 lifecycle where autostart is false, and parameters to ros2 param', async () => {
    const launched = launch('autostart:=false');
    const asks = async (expected: RegExp, ...args: string[]) => {
      // By itself, and with time to find the node: a daemon would stay behind.
      const asked = ros2(...args, '--no-daemon', '--spin-time', '3');
      try {
        await asked.line(expected);
      } finally {
        await asked.stop();
      }
    };
    try {
      await launched.line(/expression_node-\d\]: process started/);
      await asks(/^unconfigured \[1\]/, 'lifecycle', 'get', '/expression_node');
      await asks(/Transitioning successful/, 'lifecycle', 'set', '/expression_node', 'configure');
      await asks(/^Transitioning failed|^Unknown transition/, 'lifecycle', 'set', '/expression_node', 'cleanup_');
      await asks(/Transitioning successful/, 'lifecycle', 'set', '/expression_node', 'activate');
      await asks(/^active \[3\]/, 'lifecycle', 'get', '/expression_node');
      await asks(/Set parameter successful/, 'param', 'set', '/expression_node', 'mcdo_repeats', '20');
      await asks(
        /mcdo_repeats is 5000, expected .* 0 to 1000/,
        'param',
        'set',
        '/expression_node',
        'mcdo_repeats',
        '5000',
      );
      await asks(/^Integer value is: 20/, 'param', 'get', '/expression_node', 'mcdo_repeats');
    } finally {
      await launched.stop();
    }
  });
});
