/// <reference lib="dom" />
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { layoutFaults } from '../report/layout_faults.js';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '../support/browser.js';
import { clipsMissing, sharedData } from '../support/clips.js';
import { ROS_DOMAIN, rosMissing, startNode, type TestProcess } from '../support/ros_processes.js';

const environment = { ROS_DOMAIN_ID: ROS_DOMAIN };
const PORT = 28_117;
const skip = rosMissing || clipsMissing || (chromiumPath() === null && NO_CHROMIUM);
const TWO_FACES = join(sharedData, 'video', 'head-pose-face-detection-female-and-male.gif');

describe('expression_view in a browser', { skip }, () => {
  let browser: Browser;
  let page: Page;
  const processes = new Set<TestProcess>();
  const complaints: string[] = [];
  const elsewhere: string[] = [];

  function start(...args: Parameters<typeof startNode>): TestProcess {
    const node = startNode(...args);
    processes.add(node);
    return node;
  }
  async function stop(node: TestProcess): Promise<void> {
    await node.stop();
    processes.delete(node);
  }
  const startExpressionNode = () =>
    start('expression_node', ['-r', 'image:=image_raw', '-p', 'mcdo_repeats:=20'], environment);
  const startView = async () => {
    const view = start('expression_view', ['-r', 'image:=image_raw', '-p', `port:=${PORT}`], environment);
    await view.line(/Open http:\/\/127\.0\.0\.1:28117\/ in a browser/);
    return view;
  };
  const startCamera = (source: string) =>
    start('camera_node', ['-p', `source:=${source}`, '-p', 'loop:=true'], environment);
  const status = (words: RegExp) =>
    page.waitForFunction(
      (text) => new RegExp(text).test(document.querySelector('#status')!.textContent!),
      words.source,
    );

  let node: TestProcess;
  let camera: TestProcess;
  let view: TestProcess;
  before(async () => {
    node = startExpressionNode();
    view = await startView();
    await node.line(/Ready/);
    camera = startCamera(TWO_FACES);
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(`http://127.0.0.1:${PORT}/`)) elsewhere.push(request.url());
    });
    await page.goto(`http://127.0.0.1:${PORT}/`);
  });
  after(async () => {
    await browser?.close();
    await Promise.all([...processes].map((each) => each.stop()));
  });

  it('shows the picture and two faces, with a bar and a spread for each category', async () => {
    await status(/^Live$/);
    await page.waitForFunction(() => document.querySelectorAll('.bar.named').length === 2);
    const faces = await page.$$eval('.card', (cards) =>
      cards.map((card) => ({
        title: card.querySelector('h2')!.textContent,
        meters: [...card.querySelectorAll('[role=meter]')].map((meter) => ({
          name: meter.getAttribute('aria-label'),
          value: Number(meter.getAttribute('aria-valuenow')),
          width: meter.querySelector('.fill')!.getBoundingClientRect().width / meter.getBoundingClientRect().width,
          spread: meter.querySelector('.spread')!.getBoundingClientRect().width,
        })),
      })),
    );
    assert.equal(faces.length, 2);
    for (const [i, { title, meters }] of faces.entries()) {
      assert.match(title!, new RegExp(`^Face ${i + 1}\\w+ \\d+ ± \\d+ %$`));
      assert.equal(meters.length, 8);
      const named = meters.find(({ name }) => title!.includes(name!))!;
      const largest = Math.max(...meters.map(({ value }) => value));
      // A steady category is named until another one leads by more than 0.1.
      assert.ok(named.value >= largest - 11, `${title}: ${named.value} of ${largest}`);
      for (const { value, width, spread } of meters) {
        assert.ok(Math.abs(100 * width - value) <= 1.5, `${width} ${value}`);
        assert.ok(spread >= 0);
      }
      assert.ok(Math.abs(meters.reduce((sum, { value }) => sum + value, 0) - 100) <= 6);
    }
    // The boxes of both tracks, on a picture that is not black.
    await page.waitForFunction(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('#picture')!;
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
      const count = (red: number, green: number, blue: number) => {
        let pixels = 0;
        for (let at = 0; at < data.length; at += 4) {
          if (Math.hypot(data[at]! - red, data[at + 1]! - green, data[at + 2]! - blue) < 30) pixels++;
        }
        return pixels;
      };
      return count(86, 180, 233) > 200 && count(230, 159, 0) > 200 && count(0, 0, 0) < 0.3 * width * height;
    });
    await page.waitForFunction(() =>
      /^Camera picture, face 1: \w+ .*; face 2: /.test(document.querySelector('#picture')!.getAttribute('aria-label')!),
    );
  });

  it('has a lane for each face, names of the categories and times', async () => {
    await page.waitForFunction(() => document.querySelectorAll('#legend li').length === 8);
    assert.deepEqual(await page.$$eval('.lane .number', (names) => names.map((name) => name.textContent)), [
      'Face 1',
      'Face 2',
    ]);
    const drawn = await page.$$eval('.lane canvas', (canvases) =>
      canvases.map((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement;
        return (canvas as HTMLCanvasElement)
          .getContext('2d')!
          .getImageData(0, 0, width, height)
          .data.some((value) => value > 0);
      }),
    );
    assert.deepEqual(drawn, [true, true]);
    const tiles = await page.$$eval('#tiles div', (all) => all.map((tile) => tile.textContent));
    assert.equal(tiles.length, 4);
    assert.match(tiles[0]!, /^Answers\d+\.\d Hz$/);
    for (const tile of tiles.slice(1)) assert.match(tile!, /\d+ ms\d+ ms$/);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 800, 360]) {
      it(`has a layout without faults in ${colorScheme} at ${width} pixels`, async () => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.waitForTimeout(300);
        assert.deepEqual(await page.evaluate(layoutFaults), []);
      });
    }
  }

  it('says that the node is gone, goes on with the picture, and with the node when it is back', async () => {
    await stop(node);
    await status(/Nobody publishes \/expression_node\/expressions/);
    assert.equal(await page.$$eval('.card', (cards) => cards.length), 0);
    assert.equal(await page.textContent('#nobody'), 'No answers');
    const picture = () => page.$eval('#picture', (canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const before = await picture();
    await page.waitForTimeout(500);
    assert.notEqual(await picture(), before);
    node = startExpressionNode();
    await status(/^Live$/);
  });

  it('says that the camera is gone, and shows another one', async () => {
    await stop(camera);
    await status(/Nobody publishes \/image_raw/);
    camera = startCamera(join(sharedData, 'video', 'head-pose-face-detection-male.gif'));
    await status(/^Live$/);
    await page.waitForFunction(() => document.querySelectorAll('.card').length === 1);
  });

  it('says that the view itself is gone, and goes on when it is back', async () => {
    assert.deepEqual(complaints, []);
    view.kill('SIGTERM');
    assert.equal(await view.exit, 0);
    await status(/The view has stopped/);
    view = await startView();
    await status(/^Live$/);
    assert.deepEqual(elsewhere, []);
  });

  it('subscribes while a page is open, and not otherwise', async () => {
    await page.goto('about:blank');
    await stop(view);
    const debug = start(
      'expression_view',
      ['-r', 'image:=image_raw', '-p', `port:=${PORT}`, '--log-level', 'expression_view:=debug'],
      environment,
    );
    await debug.line(/Open http/);
    await page.goto(`http://127.0.0.1:${PORT}/`);
    await debug.line(/A page is open/);
    await status(/^Live$/);
    await page.goto('about:blank');
    await debug.line(/No page is open any more/);
  });

  it('says which port is not to be had, and ends with 1', async () => {
    const second = start('expression_view', ['-p', 'port:=70000'], environment);
    assert.equal(await second.exit, 1);
    assert.match(second.lines.join('\n'), /port is 70000, expected an integer from 0 to 65535/);
  });
});
