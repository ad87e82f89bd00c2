import { Markup, markup } from './markup.js';
import type { ReportData } from './report_data.js';
import { answers } from './sections/answers.js';
import { building } from './sections/building.js';
import { examples } from './sections/examples.js';
import { foldTable } from './sections/folds.js';
import { groupTable } from './sections/groups.js';
import { keyFigures } from './sections/key_figures.js';
import type { Section } from './sections/section.js';
import { training } from './sections/training.js';
import { uncertainty } from './sections/uncertainty.js';
import { STYLE } from './style.js';

const KINDS: Readonly<Record<ReportData['kind'], string>> = {
  train: 'Report of a training',
  build: 'Report of progressive building',
  evaluate: 'Report of an evaluation',
  'cross-validate': 'Report of a cross-validation',
};

/**
 * A report as one HTML file that needs nothing else: no network, no scripts, no fonts. Sections without data are left
 * out.
 */
export function reportHtml(data: ReportData): string {
  const { evaluation } = data;
  const sections: readonly Section[] = [
    ...(evaluation === null ? [] : [keyFigures(evaluation)]),
    ...(data.candidates.length > 0 ? [building(data.candidates)] : []),
    ...(data.epochs.length > 0 ? [training(data.epochs)] : []),
    ...(evaluation === null ? [] : [answers(evaluation), uncertainty(evaluation)]),
    ...(data.groups.length > 0 ? [groupTable(data.groups)] : []),
    ...(data.folds.length > 0 ? [foldTable(data.folds)] : []),
    ...(data.examples.length > 0 ? [examples(data.examples, data.classes)] : []),
  ];
  return `${document(data, sections).text}\n`;
}

function document({ title, kind, facts }: ReportData, sections: readonly Section[]): Markup {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="kind">${KINDS[kind]}</p>
<dl class="facts">${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<nav aria-label="Sections">${sections.map(({ id, heading }) => markup`<a href="#${id}">${heading}</a>`)}</nav>
</header>
<main>${sections.map(
    ({ id, heading, body }) => markup`
<section id="${id}"><h2>${heading}</h2>${body}</section>`,
  )}
</main>
</body>
</html>`;
}
