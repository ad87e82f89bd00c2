import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { packageRoot } from '../src/package_root.js';

const read = (name: string) => readFileSync(join(packageRoot(), name), 'utf8');
const cmake = read('CMakeLists.txt');
const xml = read('package.xml');
const npm = JSON.parse(read('package.json'));
const elements = (tag: string) =>
  [...xml.matchAll(new RegExp(`<${tag}[^>]*>([^<]*)</${tag}>`, 'g'))].map(([, text]) => text);
const generated = /rosidl_generate_interfaces\(([^)]*)\)/.exec(cmake)![1]!;

describe('package.xml, CMakeLists.txt, package.json, msg/ and srv/', () => {
  it('name the same package, version and licence', () => {
    assert.deepEqual(
      [elements('name'), elements('version'), elements('license')],
      [[npm.name], [npm.version], [npm.license]],
    );
    assert.equal(/^project\((\w+)/m.exec(cmake)![1], npm.name);
  });

  it('build every message file, and no other', () => {
    for (const kind of ['msg', 'srv']) {
      const files = readdirSync(join(packageRoot(), kind)).filter((name) => name.endsWith(`.${kind}`));
      assert.ok(files.length > 0);
      const built = [...generated.matchAll(new RegExp(`${kind}/(\\w+\\.${kind})`, 'g'))].map(([, name]) => name);
      assert.deepEqual(built.sort(), files.sort());
      assert.ok(npm.files.includes(kind));
    }
    assert.ok(elements('member_of_group').includes('rosidl_interface_packages'));
  });

  it('depend on every package whose messages ours contain', () => {
    const used = new Set<string>();
    for (const file of readdirSync(join(packageRoot(), 'msg'))) {
      for (const [, name] of read(join('msg', file)).matchAll(/^(\w+)\/\w+/gm)) used.add(name!);
    }
    const inCmake = /DEPENDENCIES([^)]*)/.exec(generated)![1]!.trim().split(/\s+/);
    assert.deepEqual(inCmake.sort(), [...used].sort());
    for (const name of used) {
      assert.ok(elements('depend').includes(name), `package.xml depends on ${name}`);
      assert.match(cmake, new RegExp(`find_package\\(${name} REQUIRED\\)`));
    }
  });
});
