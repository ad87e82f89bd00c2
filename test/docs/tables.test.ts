import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import type { z } from 'zod';
import { sourceOptionsSchema } from '../../src/camera/open_source.js';
import { appearanceRecipeSchema } from '../../src/experiments/appearance/appearance_recipe.js';
import { recipeSchema } from '../../src/experiments/recipe.js';
import * as library from '../../src/index.js';
import { readNetworkModel } from '../../src/learner/checkpoint/model_directory.js';
import { toStateDict } from '../../src/learner/checkpoint/network_state_dict.js';
import { downloadOptionsSchema } from '../../src/learner/download/download.js';
import {
  evalOptionsSchema,
  fitOptionsSchema,
  inferOptionsSchema,
  learnerOptionsSchema,
  networkBuilderOptionsSchema,
} from '../../src/learner/options.js';
import { EXPRESSION_PARAMETERS } from '../../src/nodes/expression/expression_parameters.js';
import { parameterFile, parameterTable } from '../../src/nodes/parameters/parameter_text.js';
import { packageRoot } from '../../src/package_root.js';
import { IMAGE_ENCODINGS } from '../../src/perception/image/decode_image.js';
import { anchors, page, pages, table } from './markdown.js';

const root = packageRoot();
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const nodeInterface = page('docs/interface.md');
const training = page('docs/training.md');
const opendr = page('docs/opendr.md');

/** A documented default as a value. */
const parsed = (cell: string): unknown => parse(cell);

/** Leaves of an object, by their path. */
function leaves(value: object, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, entry]): [string, unknown][] =>
    entry !== null && typeof entry === 'object' && !Array.isArray(entry)
      ? leaves(entry, `${prefix}${key}.`)
      : [[`${prefix}${key}`, entry]],
  );
}

describe('the tables in the documentation', () => {
  it("have expression_node's parameters as the code has them (npm run docs writes them)", () => {
    assert.ok(nodeInterface.text.includes(`\n\n${parameterTable(EXPRESSION_PARAMETERS)}\n\n`));
    assert.equal(read('config/expression_node.yaml'), parameterFile('expression_node', EXPRESSION_PARAMETERS));
  });

  it("have camera_node's parameters with defaults", () => {
    const { source: _, ...defaults } = sourceOptionsSchema.parse({ source: 'x' });
    const frameId = /frame_id: z\.string\(\)\.default\('(\w+)'\)/.exec(
      read('src/nodes/camera/camera_parameters.ts'),
    )![1];
    const documented = Object.fromEntries(
      table(nodeInterface, 'camera parameter').map(([name, , value]) => [name, parsed(value!)]),
    );
    assert.deepEqual(documented, { source: null, ...defaults, frame_id: frameId });
  });

  it("have the launch file's arguments with defaults", () => {
    const declared = [
      ...read('launch/expression.launch.py').matchAll(/Argument\(\s*'(\w+)', default_value=(?:'(\w*)'|params_file)/g),
    ].map(([, name, value]) => [name, value]);
    const documented = table(nodeInterface, 'launch argument').map(([name, value]) => [
      name,
      name === 'params_file' ? undefined : value,
    ]);
    assert.deepEqual(documented, declared);
  });

  it('have the topics as the nodes open them', () => {
    const opened = readdirSync(join(root, 'src/nodes'), { recursive: true })
      .filter((file) => String(file).endsWith('.ts'))
      .map((file) => read(`src/nodes/${file}`))
      .join();
    for (const [, topic] of table(nodeInterface, 'node')) assert.ok(opened.includes(`'${topic}'`), topic);
  });

  it('have the encodings that are decoded', () => {
    const documented = table(page('docs/ros.md'), 'encoding').flatMap(([names]) => names!.match(/\w+/g)!);
    assert.deepEqual(documented.sort(), [...IMAGE_ENCODINGS].sort());
  });

  it('have the services as expression_node opens them', () => {
    const code = read('src/nodes/expression/expression_services.ts');
    const opened = [...code.matchAll(/'(~\/\w+)', /g)].map(([, name]) => name!);
    assert.deepEqual(
      table(nodeInterface, 'service').map(([name]) => name),
      [...new Set(opened)],
    );
  });

  it('have message fields that exist, and link to every message', () => {
    for (const kind of ['msg', 'srv']) {
      for (const file of readdirSync(join(root, kind)))
        assert.ok(nodeInterface.text.includes(`(../${kind}/${file})`), file);
    }
    const fields = read('msg/FacialExpression.msg');
    const parts = read('msg/ClassProbability.msg');
    const isField = (name: string, text: string) => new RegExp(`^\\S+ ${name}\\s`, 'm').test(text);
    for (const [name] of table(page('docs/ros.md'), 'field')) {
      const part = /^classes\[\]\.(\w+)$/.exec(name!)?.[1];
      assert.ok(part ? isField(part, parts) : isField(name!, fields), name);
    }
    const empty = page('docs/ros.md')
      .text.match(/^- .*(are 0|is -1|is empty)/gm)!
      .join();
    const named = [...empty.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
    assert.ok(named.length >= 7);
    for (const name of named) assert.ok(isField(name, fields), name);
  });

  it('have every reliability', () => {
    const { schema } = EXPRESSION_PARAMETERS.reliability;
    const rows = table(page('docs/ros.md'), 'reliability');
    for (const [word] of rows) assert.ok(schema.safeParse(word).success, word);
    assert.equal(rows.length, 3);
  });

  it("have the recipe's keys with defaults", () => {
    const required = { name: 'required', window: { ages_seconds: ['required'], sequence_frames: [1] } };
    const window = { ages_seconds: [1], sequence_frames: [1] };
    const defaults = new Map(leaves(recipeSchema.parse({ ...required, window })));
    const rows = table(training, 'recipe key');
    // Those without a default, or with an empty mapping for one.
    const bare = [
      'landmarks',
      'data',
      'extractor',
      'sampling.class_shares',
      'sampling.extractor_shares',
      'sampling.moved_classes',
      'sampling.extractors',
    ];
    const keys = [...defaults.keys(), ...bare];
    assert.deepEqual(rows.map(([key]) => key).sort(), keys.sort());
    const given = new Set(leaves(required).map(([key]) => key));
    for (const [key, value] of rows) {
      if (given.has(key!)) assert.equal(value, 'required', key);
      else if (!bare.includes(key!)) assert.deepEqual(parsed(value!), defaults.get(key!), key);
    }
  });

  it("have the appearance recipe's keys with defaults", () => {
    const { sources, ...defaults } = appearanceRecipeSchema.parse({
      output: 'required',
      sources: [{ images: 'required' }],
    });
    const ofSource = Object.entries(sources[0]!).map(([key, value]) => [`sources[].${key}`, value]);
    const documented = table(training, 'appearance recipe key').map(([key, value]) => [key, parsed(value!)]);
    assert.deepEqual(Object.fromEntries(documented), { ...defaults, ...Object.fromEntries(ofSource) });
  });

  it("have the checkpoint's keys", async () => {
    const model = await readNetworkModel(join(root, 'models'), 'expressions');
    const documented = table(training, 'key').flatMap(([cell]) => {
      const names = [...cell!.matchAll(/[\w.{},*]+/g)].map(([name]) => name);
      const whole = names[0]!;
      return names.map((name) => (name.startsWith('.') ? whole.replace(/\.\w+$/, name) : name));
    });
    const patterns = documented.map(
      (name) =>
        new RegExp(
          `^${name.replaceAll('.', '\\.').replace('lL', 'l\\d+').replace('{0,1,2}', '[012]').replace('*', '\\w+')}$`,
        ),
    );
    for (const key of toStateDict(model.state).keys()) {
      assert.ok(
        patterns.some((pattern) => pattern.test(key)),
        key,
      );
    }
  });

  it("have the learner's options with defaults", () => {
    const documented = (heading: string) =>
      Object.fromEntries(table(opendr, heading).map(([, option, value]) => [option, parsed(value!)]));
    const defaults = (schema: z.ZodType): unknown => schema.parse({});
    assert.deepEqual(documented('constructor in Python'), defaults(learnerOptionsSchema));
    assert.deepEqual(documented('fit in Python'), defaults(fitOptionsSchema));
    assert.deepEqual(
      { ...documented('fit in Python'), ...documented('network_builder in Python') },
      defaults(networkBuilderOptionsSchema),
    );
    assert.deepEqual(documented('eval in Python'), defaults(evalOptionsSchema));
    assert.deepEqual(documented('infer in Python'), defaults(inferOptionsSchema));
  });

  it("have download's options with defaults, and its modes", () => {
    const rows = table(opendr, 'download in Python');
    assert.deepEqual(rows.map(([, option]) => option).sort(), Object.keys(downloadOptionsSchema.shape).sort());
    const { path: _, ...defaults } = downloadOptionsSchema.parse({ path: 'x' });
    const documented = rows.filter(([, option]) => option !== 'path' && option !== 'modelName');
    assert.deepEqual(Object.fromEntries(documented.map(([, option, value]) => [option, parsed(value!)])), defaults);
    const { options: modes } = downloadOptionsSchema.shape.mode.unwrap();
    assert.deepEqual(
      table(opendr, 'download mode')
        .map(([mode]) => mode)
        .sort(),
      [...modes].sort(),
    );
  });

  it('have all that the library exports', () => {
    const { text } = page('docs/library.md');
    const exported = table(page('docs/library.md'), 'export').flatMap(([name]) => name!.match(/\w+/g)!);
    assert.deepEqual(exported.sort(), Object.keys(library).sort());
    const index = read('src/index.ts');
    const types = /^Types: (.*?)\.$/ms.exec(text)![1]!.match(/\w+/g)!;
    const names = [...index.matchAll(/export (type )?\{(.*?)\}/gs)].flatMap(([, all, list]) =>
      [...list!.matchAll(all ? /(\w+)/g : /type (\w+)/g)].map(([, name]) => name!),
    );
    assert.deepEqual(types.sort(), names.sort());
  });

  it('have every npm script and folders that exist', () => {
    const contributing = page('CONTRIBUTING.md');
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));
    const documented = table(contributing, 'command').map(([command]) => command!.replace(/^npm (run )?/, ''));
    assert.deepEqual(documented.sort(), Object.keys(scripts).sort());
    for (const [cell] of table(contributing, 'folder')) {
      for (const folder of cell!.replaceAll('`', '').split(', ')) assert.ok(existsSync(join(root, folder)), folder);
    }
  });

  it('lead to files and headings that exist', () => {
    const links = pages().flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => ({ path, target: target! })),
    );
    const relative = links.filter(({ target }) => !/^https?:/.test(target));
    assert.ok(relative.length > 20);
    for (const { path, target } of relative) {
      const [file, anchor] = target.split('#');
      const found = file === '' ? path : join(dirname(path), file!);
      assert.ok(existsSync(join(root, found)), `${path}: ${target}`);
      if (anchor) assert.ok(anchors(page(found)).includes(anchor), `${path}: ${target}`);
    }
  });
});
