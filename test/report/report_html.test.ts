import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { ReportData } from '../../src/report/report_data.js';
import { reportHtml } from '../../src/report/report_html.js';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '../support/browser.js';
import { temporaryFolder } from '../support/folders.js';
import { layoutFaults } from './layout_faults.js';
import { oddReports, wholeReport } from './report_fixtures.js';

const SECTIONS = ['figures', 'building', 'training', 'answers', 'uncertainty', 'groups', 'folds', 'examples'];
const WIDTHS = [400, 1280];

describe('a report', () => {
  it('holds a section for all that it has data of, and for nothing else', () => {
    const ids = (data: ReportData) => [...reportHtml(data).matchAll(/<section id="(\w+)"/g)].map(([, id]) => id);
    const whole = wholeReport();
    assert.deepEqual(ids(whole), SECTIONS);
    assert.deepEqual(ids({ ...whole, evaluation: null }), ['building', 'training', 'groups', 'folds', 'examples']);
    assert.deepEqual(ids({ ...whole, candidates: [], groups: [], folds: [] }), [
      'figures',
      'training',
      'answers',
      'uncertainty',
      'examples',
    ]);
    assert.deepEqual(ids(oddReports()['nothing but a title']!), []);
  });

  it('names its figures', () => {
    const whole = wholeReport();
    const { accuracy, nll, brier } = whole.evaluation!;
    const html = reportHtml(whole);
    for (const text of [`${(100 * accuracy).toFixed(1)}\u202f%`, nll.toFixed(3), brier.toFixed(3), '[3, 3]']) {
      assert.ok(html.includes(`>${text}<`), text);
    }
    assert.doesNotMatch(html, /NaN|undefined|Infinity|\[object/);
  });

  it('refers to nothing outside itself', () => {
    const html = reportHtml(wholeReport());
    assert.doesNotMatch(html, /<script|<link(?! rel="icon" href="data:,")|@import|url\(|https?:/);
  });
});

describe('a report in a browser', { skip: chromiumPath() === null && NO_CHROMIUM }, () => {
  const folder = temporaryFolder();
  let browser: Browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser.close());

  /** Opens a report, and tells what its page wrote to the console or asked for beside itself. */
  async function open(data: ReportData, width: number, scheme: 'light' | 'dark' = 'light') {
    mkdirSync(folder.path, { recursive: true });
    const path = join(folder.path, 'report.html');
    writeFileSync(path, reportHtml(data));
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => void complaints.push(message.text()));
    page.on('pageerror', (error) => void complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(pathToFileURL(path).href)) complaints.push(`request for ${request.url()}`);
    });
    await page.goto(pathToFileURL(path).href);
    return { page, complaints, close: () => context.close() };
  }

  const faultsOf = (page: Page) => page.evaluate(layoutFaults);

  for (const [name, data] of Object.entries({ 'all sections': wholeReport(), ...oddReports() })) {
    for (const width of WIDTHS) {
      it(`of ${name} is whole and in order at ${width} px`, async () => {
        const { page, complaints, close } = await open(data, width);
        assert.deepEqual(await faultsOf(page), []);
        assert.deepEqual(complaints, []);
        await close();
      });
    }
  }

  it('shows texts as they are and runs none of them', async () => {
    const { page, close } = await open(oddReports()['texts that try to be markup']!, 1280);
    assert.ok((await page.locator('h1').textContent())!.startsWith('</style></title><script>alert(1)</script>'));
    assert.equal(await page.locator('script, img').count(), 0);
    await close();
  });

  it('works without JavaScript', async () => {
    const path = join(folder.path, 'report.html');
    writeFileSync(path, reportHtml(wholeReport()));
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(pathToFileURL(path).href);
    for (const id of SECTIONS) assert.ok(await page.locator(`#${id}`).isVisible(), id);
    await context.close();
  });

  it('is dark where the reader wants it, with text that stands out in both', async () => {
    const brightness: Record<string, { page: number; ink: number }> = {};
    for (const scheme of ['light', 'dark'] as const) {
      const { page, close } = await open(wholeReport(), 1280, scheme);
      brightness[scheme] = await page.evaluate(() => {
        const sum = (colour: string) => colour.match(/\d+/g)!.reduce((total, part) => total + Number(part), 0) / 765;
        const { backgroundColor, color } = getComputedStyle(document.body);
        return { page: sum(backgroundColor), ink: sum(color) };
      });
      await close();
    }
    assert.ok(brightness.light!.page > 0.9 && brightness.light!.ink < 0.2);
    assert.ok(brightness.dark!.page < 0.1 && brightness.dark!.ink > 0.8);
  });

  it('prints on white paper without cutting anything off', async () => {
    const { page, close } = await open(wholeReport(), 794, 'dark');
    await page.emulateMedia({ media: 'print' });
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(paper, 'rgb(255, 255, 255)');
    assert.deepEqual(await faultsOf(page), []);
    await close();
  });
});
