import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { findMessages, makeMessages } from '../../../../src/nodes/expression/outputs/optional_messages.js';
import { temporaryFolder } from '../../../support/folders.js';

describe('messages of packages that may be missing', () => {
  const folder = temporaryFolder();
  const places = () => ({ prefixes: join(folder.path, 'prefix'), generated: join(folder.path, 'generated') });

  function install(packageName: string): void {
    const index = join(places().prefixes, 'share', 'ament_index', 'resource_index', 'rosidl_interfaces');
    mkdirSync(index, { recursive: true });
    writeFileSync(join(index, packageName), '');
  }

  function writeJavaScript(packageName: string, name: string): void {
    mkdirSync(join(places().generated, packageName), { recursive: true });
    writeFileSync(join(places().generated, packageName, `${packageName}__msg__${name}.js`), '');
  }

  it('are found where they are installed and have JavaScript', () => {
    install('good_msgs');
    writeJavaScript('good_msgs', 'Good');
    assert.equal(findMessages('good_msgs/msg/Good', places()), 'found');
  });

  it('are not found by JavaScript that is left of them', () => {
    writeJavaScript('gone_msgs', 'Gone');
    assert.equal(findMessages('gone_msgs/msg/Gone', places()), 'not installed');
    assert.equal(findMessages('other_msgs/msg/Other', { ...places(), prefixes: '' }), 'not installed');
  });

  it('are not found where JavaScript cannot be made for them', async () => {
    install('late_msgs');
    assert.match((await makeMessages(['late_msgs', 'absent_msgs'], places()))!, /generate_worker/);
    assert.equal(findMessages('late_msgs/msg/Late', places()), 'no JavaScript');
    assert.equal(await makeMessages(['good_msgs', 'absent_msgs'], places()), undefined);
  });
});
