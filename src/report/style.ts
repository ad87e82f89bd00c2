/** The report's own style sheet; colours follow the reader's light or dark setting, and paper is light. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --surface: #ffffff; --ink: #14171c; --muted: #59616e; --line: #d8dce2; --track: #e9ecf0;
  --series-0: #a3abb8; --series-1: #1f6fd0; --series-2: #c2570c;
  --good: #18774a; --bad: #b3281e; --heat: #1c5cab; --on-strong: #ffffff;
}
@media (prefers-color-scheme: dark) { @media screen { :root {
  --page: #0f1115; --surface: #181b21; --ink: #e8eaee; --muted: #a3abb8; --line: #31363f; --track: #272b33;
  --series-0: #6d7684; --series-1: #6aa6f5; --series-2: #f09a55;
  --good: #5cc48d; --bad: #f28b82; --heat: #4f8fe0; --on-strong: #0b0d10;
} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 24px 16px 64px; max-width: 1080px; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
h1, h2, h3, p, figure, dl, dd, table { margin: 0; }
h1 { font-size: 28px; line-height: 1.2; overflow-wrap: anywhere; }
h2 { font-size: 20px; margin-bottom: 12px; }
h3 { font-size: 15px; margin-bottom: 8px; overflow-wrap: anywhere; }
header, section { margin-bottom: 40px; }
header > .kind { color: var(--muted); margin-bottom: 16px; }
section > p { max-width: 75ch; margin-bottom: 16px; }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin-top: 16px; }
a { color: var(--series-1); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 4px 24px; }
.facts div { display: flex; gap: 8px; border-bottom: 1px solid var(--line); padding: 4px 0; min-width: 0; }
.facts dt { color: var(--muted); flex: none; max-width: 50%; overflow-wrap: anywhere; }
.facts dd { margin-left: auto; text-align: right; overflow-wrap: anywhere; min-width: 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(134px, 1fr)); gap: 12px; }
.tiles div, figure, .scroll > table { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
.tiles div { padding: 10px 12px; }
.tiles dt { color: var(--muted); font-size: 13px; }
.tiles .value { font-size: 26px; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; }
.tiles .meaning { color: var(--muted); font-size: 12px; line-height: 1.35; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 16px; align-items: start; margin-bottom: 16px; }
.figures.wide { grid-template-columns: minmax(0, 1fr); }
.figures > *, .examples > * { min-width: 0; }
figure { padding: 14px; break-inside: avoid; }
figcaption { color: var(--muted); font-size: 13px; line-height: 1.45; margin-top: 8px; }
.scroll { overflow-x: auto; }
svg { display: block; width: 100%; max-width: 520px; height: auto; margin: 0 auto; font-size: 11px; fill: var(--ink); overflow: visible; }
.scroll > svg { min-width: calc(0.92 * var(--width)); max-width: max(520px, var(--width)); }
svg .axes text, svg .name { fill: var(--muted); }
svg .small { font-size: 9px; }
svg .grid { stroke: var(--line); }
svg .base { stroke: var(--muted); }
.colour-0 { --colour: var(--series-0); } .colour-1 { --colour: var(--series-1); } .colour-2 { --colour: var(--series-2); }
svg .line { fill: none; stroke: var(--colour); stroke-width: 2; stroke-linejoin: round; }
svg .dot { fill: var(--colour); stroke: var(--surface); stroke-width: 1; }
svg .cross { fill: none; stroke: var(--colour); stroke-width: 2; }
svg .reach { fill: transparent; }
svg .fill { fill: var(--colour); }
svg .track { fill: var(--track); }
svg .mark { stroke: var(--ink); stroke-width: 2; }
svg .spread { stroke: var(--ink); stroke-width: 1.5; }
svg .diagonal { stroke: var(--muted); stroke-dasharray: 4 4; }
svg .cell { fill: none; stroke: var(--line); }
svg .heat { fill: var(--heat); stroke: var(--line); }
svg .on-strong { fill: var(--on-strong); font-weight: 600; }
svg .block { fill: var(--track); }
svg .block.grown { fill: var(--heat); }
svg .block.rejected { fill: none; stroke: var(--line); stroke-dasharray: 3 2; }
svg .true { font-weight: 700; }
svg .face { fill: none; stroke-linejoin: round; stroke-linecap: round; }
svg .face.first { stroke: var(--series-0); stroke-width: 1.4; }
svg .face.last { stroke: var(--series-1); stroke-width: 1.8; }
svg .face.first circle { fill: var(--series-0); } svg .face.last circle { fill: var(--series-1); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 13px; margin-bottom: 4px; }
.swatch { display: inline-block; width: 16px; height: 3px; border-radius: 2px; background: var(--colour); margin-right: 6px; vertical-align: middle; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 13px; }
th, td { padding: 6px 10px; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:last-child td { border-bottom: 0; }
th { color: var(--muted); font-weight: 600; white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.words { text-align: left; }
.reason { display: block; min-width: 260px; overflow-wrap: anywhere; }
.nowrap { white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); }
.examples { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr)); gap: 16px; }
.example h3 span { font-weight: 400; }
.pair { display: grid; grid-template-columns: 2fr 3fr; gap: 8px; align-items: center; }
@media print {
  body { padding: 0; max-width: none; background: #ffffff; font-size: 11pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav { display: none; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  h2, h3, section > p { break-after: avoid; }
  .tiles div { break-inside: avoid; }
  tr { break-inside: avoid; }
  .scroll { overflow: visible; }
  .scroll > svg { min-width: 0; }
  table { font-size: 9pt; }
  th { white-space: normal; }
  th, td { padding: 3px 5px; }
  .reason { min-width: 0; }
  .nowrap { white-space: normal; }
}
`;
