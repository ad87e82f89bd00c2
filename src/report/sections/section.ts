import { type Content, type Markup, markup } from '../markup.js';

/** A part of the report with a heading of its own. */
export interface Section {
  readonly id: string;
  readonly heading: string;
  readonly body: Markup;
}

/** A chart with its title and, in plain words, how to read it. */
export function figure(title: string, chart: Markup, reading: string): Markup {
  return markup`<figure><h3>${title}</h3>${chart}<figcaption>${reading}</figcaption></figure>`;
}

/** Figures side by side where the page has room; wide ones each take all of it. */
export function figures(contents: readonly Content[], { wide = false } = {}): Markup {
  return markup`<div class="${wide ? 'figures wide' : 'figures'}">${contents}</div>`;
}

/** A table that scrolls by itself where it is wider than the page; columns of numbers are set to the right. */
export function dataTable(
  columns: readonly { readonly heading: string; readonly numbers?: boolean }[],
  rows: readonly (readonly Content[])[],
): Markup {
  const side = (column: number) => (columns[column]!.numbers ? 'number' : 'words');
  return markup`<div class="scroll"><table><thead><tr>${columns.map(
    ({ heading }, i) => markup`<th class="${side(i)}" scope="col">${heading}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) => markup`<tr>${row.map((cell, i) => markup`<td class="${side(i)}">${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}
