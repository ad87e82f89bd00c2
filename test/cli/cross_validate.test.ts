import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '../support/browser.js';
import { writeDrawnTree } from '../support/faces.js';
import { temporaryFolder } from '../support/folders.js';
import { pstbln, startPstbln } from '../support/pstbln_command.js';

const folder = temporaryFolder();
const run = (line: string) => pstbln(folder.path, line);
const path = (...names: string[]) => join(folder.path, ...names);
const FOLDS = 3;

const recipe = `
name: drawn
landmarks: tree
window: { ages_seconds: [1, 0.07, 0.03, 0], sequence_frames: [0, -3, -2, -1] }
network: { topology: [1], block_size: 4 }
training: { epochs: 6, batch_size: 16, lr_schedule: cosine }
`;
const command = `cross-validate --recipe recipe.yaml --folds ${FOLDS} --mcdo-repeats 10`;

before(() => {
  writeDrawnTree(path('tree'), 6, 1);
  writeFileSync(path('recipe.yaml'), recipe);
});

describe('pstbln cross-validate', () => {
  it('answers the same by processes, and fold by fold and then gathered', () => {
    const whole = run(`${command} --json --report whole.html`);
    assert.equal(whole.status, 0, whole.stderr);
    for (let fold = 0; fold < FOLDS; fold++) {
      // The processes work with one thread each.
      const { status, stdout, stderr } = run(`${command} --results folds --fold ${fold} --threads 1 --json`);
      assert.equal(status, 0, stderr);
      const answer = JSON.parse(stdout);
      assert.equal(answer.fold, fold);
      assert.equal(answer.samples, 6);
      for (const file of answer.files) assert.ok(existsSync(path(file)), file);
    }
    const gathered = run(`${command} --results folds --gather --json --report folds.html`);
    assert.equal(gathered.status, 0, gathered.stderr);
    assert.equal(gathered.stdout, whole.stdout);
    const report = JSON.parse(gathered.stdout);
    assert.equal(report.samples, 18);
    for (const key of ['accuracy', 'mean_recall', 'expected_calibration_error', 'brier', 'nll', 'confusion', 'folds']) {
      assert.ok(key in report, key);
    }
  });

  it('writes a report that loads nothing, with the folds and the most uncertain windows', () => {
    for (const name of ['whole.html', 'folds.html']) {
      const html = readFileSync(path(name), 'utf8');
      for (const section of ['figures', 'answers', 'uncertainty', 'folds', 'examples']) {
        assert.ok(html.includes(`<section id="${section}"`), section);
      }
      assert.doesNotMatch(html, /<script|@import|url\(|https?:|NaN|undefined/);
    }
  });

  it('writes a report that opens in a browser', { skip: chromiumPath() === null && NO_CHROMIUM }, async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('request', (request) => complaints.push(request.url()));
      await page.goto(pathToFileURL(path('folds.html')).href);
      assert.match(await page.title(), /drawn: cross-validation/);
      assert.ok(await page.locator('#examples svg').first().isVisible());
      assert.deepEqual(
        complaints.filter((text) => !text.startsWith('file:') && !text.startsWith('data:')),
        [],
      );
    } finally {
      await browser.close();
    }
  });

  it('names the folds that are missing', () => {
    mkdirSync(path('some'));
    for (const file of ['fold-1.json', 'fold-1.npy']) copyFileSync(path('folds', file), path('some', file));
    const { status, stdout, stderr } = run(`${command} --results some --gather --json`);
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(
      stderr,
      /^pstbln: the missing folds is \[0,2\], expected none: run them with --fold first \(from some\)\n$/,
    );
  });

  it('names a fold of another recipe, of other folds, and of other landmarks', () => {
    const refused = /^pstbln: the plan is "\w+", expected \w+, of this recipe, .* \(from folds\/fold-\d\.json\)\n$/;
    writeDrawnTree(path('other_tree'), 6, 2);
    for (const change of ['--lr 0.05', '--fold-seed 1', '--landmarks other_tree', '--mcdo-repeats 11', '--build']) {
      const { status, stderr } = run(`${command} --results folds --gather ${change}`);
      assert.equal(status, 1, change);
      assert.match(stderr, refused, change);
    }
  });

  it('does not work again on folds that are there', () => {
    rmSync(path('folds', 'fold-2.json'));
    const untouched = readFileSync(path('folds', 'fold-0.json'));
    const { status, stderr, stdout } = run(`${command} --results folds --json`);
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stderr, /fold [01]/);
    assert.equal(JSON.parse(stdout).samples, 18);
    assert.deepEqual(readFileSync(path('folds', 'fold-0.json')), untouched);
  });

  it('builds the network of each fold where asked', () => {
    const { status, stderr, stdout } = run(
      `${command} --build --epochs 2 --set building.num_layers=1 --set building.num_blocks=2 --json`,
    );
    assert.equal(status, 0, stderr);
    for (const { topology } of JSON.parse(stdout).folds)
      assert.ok(['1', '2'].includes(topology.join()), topology.join());
  });

  const mistakes: [string, RegExp][] = [
    ['--folds 7', /folds is 7, expected a whole number from 2 to the 6 subjects/],
    ['--fold 1', /results is missing.*--results/],
    ['--gather', /results is missing.*--results/],
    ['--results r --fold 3', /fold is 3, expected 0 to 2 \(from --fold\)/],
    ['--landmarks nowhere', /nowhere/],
    ['--set window.points=some', /window\.points is "some"/],
    ['--lr 1e13 --epochs 1', /lower the learning rate/],
  ];
  for (const [flags, message] of mistakes) {
    it(`fails with one line for: ${flags}`, () => {
      const { status, stdout, stderr } = run(`${command} ${flags} --json`);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, message);
      const lines = stderr
        .trimEnd()
        .split('\n')
        .filter((line) => !line.startsWith('folds done'));
      assert.equal(lines.length, 1, stderr);
      assert.match(lines[0]!, /^pstbln: (?!pstbln)/);
    });
  }
});

/** Processes that a process has started, and that live. */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim() === '' ? [] : text.trim().split(' ').map(Number);
}

function lives(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

describe('pstbln cross-validate, interrupted', { skip: process.platform !== 'linux' && 'needs /proc' }, () => {
  const endless = `${command} --epochs 100000 --jobs 2`;
  const startWithChildren = async (flags: string) => {
    mkdirSync(path('tmp'), { recursive: true });
    const running = startPstbln(folder.path, `${endless} ${flags}`, { TMPDIR: path('tmp') });
    let children: number[] = [];
    while (children.length < 2) {
      await sleep(20);
      children = childrenOf(running.child.pid!);
    }
    // So that they are at work, where nothing is late.
    await sleep(500);
    return { ...running, children };
  };

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends all its processes at ${signal}, removes its folder, and exits with 130`, async () => {
      const { child, children, ended } = await startWithChildren('');
      assert.ok(readdirSync(path('tmp')).some((name) => name.startsWith('pstbln_')));
      child.kill(signal);
      const { status, stderr } = await ended;
      assert.equal(status, 130, stderr);
      assert.deepEqual(children.filter(lives), []);
      assert.deepEqual(
        readdirSync(path('tmp')).filter((name) => name.startsWith('pstbln_')),
        [],
      );
      assert.match(stderr, /interrupted after/);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }

  it('leaves no processes when it is killed itself', async () => {
    const { child, children, ended } = await startWithChildren('--results killed');
    child.kill('SIGKILL');
    await ended;
    // Ends by the test's own time limit where one lives on.
    while (children.some(lives)) await sleep(20);
    assert.ok(!existsSync(path('killed', 'fold-0.json')));
  });

  it('ends all its processes when one fails', async () => {
    const { children, ended } = await startWithChildren('');
    process.kill(children[0]!, 'SIGKILL');
    const { status, stderr } = await ended;
    assert.equal(status, 1);
    assert.match(stderr, /pstbln: a fold's process ended with SIGKILL/);
    assert.deepEqual(children.filter(lives), []);
  });
});
