import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/package_root.js';

/** A page of the documentation. */
export interface Page {
  /** From the package's root, such as docs/ros.md. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block of code. */
export interface CodeBlock {
  readonly page: string;
  readonly language: string;
  readonly code: string;
}

/** All pages that users and contributors read. */
export function pages(): Page[] {
  const root = packageRoot();
  const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs.map((name) => `docs/${name}`)].map(page);
}

export function page(path: string): Page {
  return { path, text: readFileSync(join(packageRoot(), path), 'utf8') };
}

export function codeBlocks(language: string): CodeBlock[] {
  return pages().flatMap(({ path, text }) =>
    [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
      .map(([, name, code]) => ({ page: path, language: name!, code: code! }))
      .filter((block) => block.language === language),
  );
}

/**
 * The rows of a page's table whose first column has this heading; cells without their backticks.
 *
 * @throws Error where the page has no such table
 */
export function table({ path, text }: Page, heading: string): string[][] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => cells(line)?.[0] === heading);
  if (start < 0) throw new Error(`${path} has no table "${heading}"`);
  const rows: string[][] = [];
  for (const line of lines.slice(start + 2)) {
    const row = cells(line);
    if (row === undefined) break;
    rows.push(row);
  }
  return rows;
}

function cells(line: string): string[] | undefined {
  if (!line.startsWith('|')) return undefined;
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1'));
}

/** Headings as the anchors that GitHub gives them. */
export function anchors({ text }: Page): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
