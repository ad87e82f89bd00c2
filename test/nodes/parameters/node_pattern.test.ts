import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isNodeMeant } from '../../../src/nodes/parameters/node_pattern.js';

describe('isNodeMeant', () => {
  for (const [pattern, path, isMeant] of [
    ['/**', '/camera_node', true],
    ['/**', '/robot/left/camera_node', true],
    ['camera_node', '/camera_node', true],
    ['camera_node', '/robot/camera_node', false],
    ['/robot/camera_node', '/robot/camera_node', true],
    ['/robot/camera_node', '/camera_node', false],
    ['/**/camera_node', '/camera_node', true],
    ['/**/camera_node', '/robot/left/camera_node', true],
    ['/**/camera_node', '/robot/other_camera_node', false],
    ['/*/camera_node', '/robot/camera_node', true],
    ['/*/camera_node', '/camera_node', false],
    ['/*/camera_node', '/robot/left/camera_node', false],
    ['/robot/*', '/robot/camera_node', true],
    ['/robot/**', '/robot/left/camera_node', true],
    ['/camera.node', '/camera_node', false],
  ] as const) {
    it(`${pattern} means ${isMeant ? '' : 'not '}${path}`, () => assert.equal(isNodeMeant(pattern, path), isMeant));
  }
});
