/** The style sheet of the live view; colours follow the reader's light or dark setting. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f4f5f7; --surface: #ffffff; --ink: #14171c; --muted: #59616e; --rule: #dfe3e8; --well: #e9ecf0;
  --good: #18774a; --warn: #8a5200; --bad: #b3281e; --whisker: #14171c;
  --track-0: #56b4e9; --track-1: #e69f00; --track-2: #00c88c; --track-3: #f0e442; --track-4: #cc79a7; --track-5: #ff7832;
  --category-0: #d1495b; --category-1: #8d6a9f; --category-2: #5b8c3a; --category-3: #7a5cd0; --category-4: #d98e04;
  --category-5: #2f78c4; --category-6: #14918e; --category-7: #7b8794;
}
@media (prefers-color-scheme: dark) { :root {
  --page: #0f1115; --surface: #181b21; --ink: #e8eaee; --muted: #a3abb8; --rule: #2b3038; --well: #272b33;
  --good: #5cc48d; --warn: #f0b35a; --bad: #f28b82; --whisker: #ffffff;
  --category-0: #ef7a88; --category-1: #bd97d0; --category-2: #8cc06a; --category-3: #a48cf0; --category-4: #f2b441;
  --category-5: #6aa9ee; --category-6: #45c2bd; --category-7: #98a4b3;
} }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body {
  margin: 0 auto; padding: 16px; max-width: 1400px; background: var(--page); color: var(--ink);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
h1, h2, p, dl, dd, ul { margin: 0; padding: 0; }
h1 { font-size: 20px; line-height: 1.2; }
h2 { font-size: 15px; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; margin-bottom: 16px; min-height: 32px; }
#status { display: flex; align-items: center; gap: 8px; color: var(--warn); overflow-wrap: anywhere; }
#status::before { content: ""; flex: none; width: 10px; height: 10px; border-radius: 50%; background: currentColor; }
#status[data-state="live"] { color: var(--good); }
#status[data-state="lost"] { color: var(--bad); }
main { display: grid; grid-template-columns: minmax(0, 3fr) minmax(300px, 2fr); gap: 16px; align-items: start; }
.column { display: grid; gap: 16px; min-width: 0; }
section, .card { min-width: 0; background: var(--surface); border: 1px solid var(--rule); border-radius: 10px; }
section { padding: 14px; }
#camera { padding: 0; overflow: hidden; }
#frame { background: #000000; }
#picture { display: block; width: 100%; height: auto; max-height: 70vh; object-fit: contain; }
#topics { padding: 8px 14px; color: var(--muted); font-size: 13px; overflow-wrap: anywhere; min-height: 35px; }
#people { padding: 0; background: none; border: 0; border-radius: 0; }
#cards { display: grid; gap: 12px; }
#nobody, #no-past { color: var(--muted); }
#nobody { padding: 14px; border: 1px dashed var(--rule); border-radius: 10px; text-align: center; }
.card { padding: 12px 14px; border-left: 5px solid var(--track); }
.face { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; margin-bottom: 8px; }
.number { color: var(--muted); font-weight: 400; }
.words, .value { font-variant-numeric: tabular-nums; }
.bar { display: grid; grid-template-columns: 5.6em minmax(40px, 1fr) 6em; gap: 8px; align-items: center; font-size: 13px; line-height: 1.6; }
.bar .name { overflow: hidden; text-overflow: ellipsis; }
.bar .value { text-align: right; color: var(--muted); white-space: nowrap; }
.bar.named .name, .bar.named .value { font-weight: 700; color: var(--ink); }
.meter { position: relative; height: 12px; border-radius: 3px; background: var(--well); }
.fill { height: 100%; border-radius: 3px; background: var(--colour); }
.spread { position: absolute; top: 2px; bottom: 2px; border: solid var(--whisker); border-width: 0 1.5px; }
.spread::after { content: ""; position: absolute; left: 0; right: 0; top: calc(50% - 0.75px); height: 1.5px; background: var(--whisker); }
.note { color: var(--muted); font-size: 12px; margin-top: 8px; }
#past h2, #times h2 { margin-bottom: 8px; }
#legend { display: flex; flex-wrap: wrap; gap: 2px 14px; list-style: none; font-size: 13px; color: var(--muted); margin-bottom: 8px; }
#legend li::before { content: ""; display: inline-block; width: 10px; height: 10px; border-radius: 2px; background: var(--colour); margin-right: 6px; }
#lanes { display: grid; gap: 10px; }
.lane { display: grid; grid-template-columns: 4.2em minmax(0, 1fr); gap: 8px; align-items: center; font-size: 13px; border-left: 4px solid var(--track); padding-left: 8px; }
.lane canvas { display: block; width: 100%; height: 56px; }
#tiles { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px; align-items: end; }
#tiles dt { color: var(--muted); font-size: 13px; }
#tiles dd { font-size: 22px; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; }
#tiles .high { font-size: 13px; font-weight: 400; color: var(--muted); min-height: 17px; }
.track-0 { --track: var(--track-0); } .track-1 { --track: var(--track-1); } .track-2 { --track: var(--track-2); }
.track-3 { --track: var(--track-3); } .track-4 { --track: var(--track-4); } .track-5 { --track: var(--track-5); }
.category-0 { --colour: var(--category-0); } .category-1 { --colour: var(--category-1); } .category-2 { --colour: var(--category-2); }
.category-3 { --colour: var(--category-3); } .category-4 { --colour: var(--category-4); } .category-5 { --colour: var(--category-5); }
.category-6 { --colour: var(--category-6); } .category-7 { --colour: var(--category-7); }
@media (max-width: 760px) {
  body { padding: 10px; }
  main { grid-template-columns: minmax(0, 1fr); gap: 10px; }
  .column { display: contents; }
  #camera, #people { order: -1; }
}
`;
