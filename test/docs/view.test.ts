import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { VIEW_PARAMETERS } from '../../src/nodes/view/view_parameters.js';
import { packageRoot } from '../../src/package_root.js';
import { page, table } from './markdown.js';

describe('docs/view.md', () => {
  const view = page('docs/view.md');

  it('has the parameters with defaults and ranges', () => {
    const rows = table(view, 'view parameter');
    assert.deepEqual(
      rows.map(([name, , value]) => [name, value]),
      Object.entries(VIEW_PARAMETERS).map(([name, { defaultValue }]) => [name, String(defaultValue)]),
    );
    for (const [name, type, , meaning] of rows) {
      const { range } = VIEW_PARAMETERS[name as keyof typeof VIEW_PARAMETERS];
      assert.equal(type, 'integer');
      assert.ok(meaning!.includes(`${range![0]} to ${range![1]}`));
    }
  });

  it('has the topics that the node subscribes to', () => {
    const code = readFileSync(join(packageRoot(), 'src/nodes/expression_view.ts'), 'utf8');
    const rows = table(view, 'view topic');
    assert.equal(rows.length, 2);
    for (const [topic] of rows) assert.ok(code.includes(`'${topic}'`), topic);
  });
});
