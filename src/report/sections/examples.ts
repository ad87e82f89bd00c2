import { faceDrawing } from '../charts/face_drawing.js';
import { probabilityBars } from '../charts/probability_bars.js';
import { type Markup, markup } from '../markup.js';
import { fixed } from '../numbers.js';
import type { ReportExample } from '../report_data.js';
import type { Section } from './section.js';

/** Windows drawn as faces. */
export function examples(windows: readonly ReportExample[], classes: readonly string[]): Section {
  return {
    id: 'examples',
    heading: 'The most uncertain windows',
    body: markup`<p>Faces drawn from their landmarks: the first frame of the window faint, the last one strong. Bars are the
mean probability of each class, their strokes one standard deviation over the Monte Carlo repeats to either side; the true
class is set in bold, the answer's bar is coloured. The entropy, in nats, is 0 for a certain answer and ${fixed(Math.log(classes.length), 2)} where all
classes are equally probable.</p><div class="examples">${windows.map((window) => example(window, classes))}</div>`,
  };
}

function example({ landmarks, frames, label, estimate }: ReportExample, classes: readonly string[]): Markup {
  const right = estimate.category === label;
  return markup`<figure class="example"><h3>${label} <span class="${right ? 'good' : 'bad'}">${
    right ? '✓ answered so' : `✗ answered ${estimate.category}`
  }</span></h3><div class="pair">${faceDrawing(landmarks, frames, `Face of the class ${label}`)}${probabilityBars(estimate, classes, label)}</div>
<figcaption>entropy ${fixed(estimate.predictiveEntropy, 2)}, mutual information ${fixed(estimate.mutualInformation, 2)}${
    estimate.repeats > 0 && `, ${estimate.repeats} repeats`
  }</figcaption></figure>`;
}
