import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { calibrationBins } from '../../../src/learner/evaluation/calibration_bins.js';
import { estimatesOf } from '../../../src/learner/inference/expression_estimate.js';
import { candidateChart, isWide } from '../../../src/report/charts/candidate_chart.js';
import { confusionMatrix } from '../../../src/report/charts/confusion_matrix.js';
import { faceDrawing } from '../../../src/report/charts/face_drawing.js';
import { lineChart } from '../../../src/report/charts/line_chart.js';
import { probabilityBars } from '../../../src/report/charts/probability_bars.js';
import { reliabilityDiagram } from '../../../src/report/charts/reliability_diagram.js';
import { schematicFace } from '../../support/schematic_face.js';
import { drawnCandidates } from '../report_fixtures.js';

/** The numbers of an attribute, of all elements that have this class. */
function numbers(svg: string, className: string, attribute: string): number[] {
  const elements = svg.match(new RegExp(`<\\w+ class="${className}"[^>]*>`, 'g')) ?? [];
  return elements.map((element) => Number(new RegExp(` ${attribute}="([^"]*)"`).exec(element)![1]));
}

describe('a line chart', () => {
  const options = { description: 'd', xLabel: 'x', yLabel: 'y', xTicks: [0, 10], yTicks: [0, 1] };

  it('puts points where its axes say', () => {
    const points = [
      [0, 0],
      [5, 0.5],
      [10, 1],
    ] as const;
    const { text } = lineChart([{ name: 'one', colour: 1, points }], options);
    const [base] = numbers(text, 'base', 'y1');
    const grid = numbers(text, 'grid', 'y1');
    assert.deepEqual(numbers(text, 'dot colour-1', 'cy'), [base, (grid[0]! + grid[1]!) / 2, grid[1]]);
    const [left, middle, right] = numbers(text, 'dot colour-1', 'cx');
    assert.equal(middle, (left! + right!) / 2);
  });

  it('is interrupted where a value is missing', () => {
    const points = [0, 1, Number.NaN, 3, 4].map((y, x) => [x, y / 4] as const);
    const { text } = lineChart([{ name: 'one', colour: 1, points }], options);
    assert.equal(/ d="([^"]*)"/.exec(text)![1]!.match(/M/g)!.length, 2);
  });

  it('has a legend where there are several lines', () => {
    const one = { name: 'one', colour: 1, points: [[0, 0]] } as const;
    assert.ok(!lineChart([one], options).text.includes('legend'));
    assert.match(lineChart([one, { ...one, name: 'two', colour: 2 }], options).text, /legend.*one.*two/s);
  });
});

describe('a confusion matrix', () => {
  it('shades a cell by its share of its row and leaves empty ones blank', () => {
    const { text } = confusionMatrix(
      ['a', 'b'],
      [
        [9, 3],
        [0, 8],
      ],
    );
    assert.deepEqual(numbers(text, 'heat', 'fill-opacity'), [0.75, 0.25, 1]);
    const [diagonal, beside, second] = numbers(text, 'heat', 'x');
    assert.ok(beside! > diagonal! && second === beside);
    assert.ok(text.includes('a answered as b: 3 of 12'));
  });
});

describe('a reliability diagram', () => {
  it('draws a bar as high as the accuracy and a stroke at the mean confidence', () => {
    const { text } = reliabilityDiagram(calibrationBins([0.9, 0.9, 0.9, 0.9], [true, true, true, false], 5));
    const grid = numbers(text, 'grid', 'y1');
    const [zero, one] = [grid[0]!, grid.at(-1)!];
    const [top] = numbers(text, 'fill colour-1', 'y');
    const [mark] = numbers(text, 'mark', 'y1');
    assert.ok(Math.abs(top! - (zero + 0.75 * (one - zero))) < 0.02);
    assert.ok(Math.abs(mark! - (zero + 0.9 * (one - zero))) < 0.02);
  });
});

describe('the chart of the candidates', () => {
  const candidates = drawnCandidates(9, false);
  const series = { name: 'training', colour: 1, value: ({ trainLoss }: { trainLoss: number }) => trainLoss } as const;
  const { text } = candidateChart(candidates, [series], { description: 'd', yLabel: 'loss', yTicks: [0, 1, 2] });

  it('has a dot for each that was kept and a cross for each other', () => {
    const kept = candidates.filter((candidate) => candidate.kept).length;
    assert.equal(numbers(text, 'dot colour-1', 'cx').length, kept);
    assert.equal(text.match(/class="cross colour-1"/g)!.length, candidates.length - kept);
  });

  it('shows the blocks of all layers of each', () => {
    const blocks = [...text.matchAll(/class="small[^"]*"[^>]*>(\d+)</g)].map(([, count]) => Number(count));
    assert.deepEqual(
      blocks,
      candidates.flatMap(({ topology }) => topology),
    );
  });

  it('takes more room where there are many', () => {
    assert.ok(!isWide(12) && isWide(40));
  });
});

describe('the drawing of a face', () => {
  const face = schematicFace();
  const window = Float32Array.from([...face, ...face.map((value, i) => (i % 2 === 1 ? 1.2 * value : value))]);
  const paths = (text: string) => text.match(/<path/g)?.length ?? 0;

  it('has nine lines a frame with the jaw, eight without', () => {
    assert.equal(paths(faceDrawing(window, 2, 'face').text), 18);
    const inner = (start: number) => window.slice(start + 34, start + 136);
    const withoutJaw = Float32Array.from([...inner(0), ...inner(136)]);
    assert.equal(paths(faceDrawing(withoutJaw, 2, 'face').text), 16);
    assert.equal(paths(faceDrawing(window.subarray(0, 136), 1, 'face').text), 9);
  });

  it('fills its image without distortion and keeps within it', () => {
    const { text } = faceDrawing(window, 2, 'face');
    const paths = [...text.matchAll(/ d="([^"]*)"/g)].map(([, path]) => path).join(' ');
    const points = [...paths.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    const span = (values: number[]) => Math.max(...values) - Math.min(...values);
    const [width, height] = [span(points.map(([x]) => x!)), span(points.map(([, y]) => y!))];
    const of = (axis: number) => span([...window].filter((_, i) => i % 2 === axis));
    assert.ok(Math.abs(width / height - of(0) / of(1)) < 0.01);
    for (const [x, y] of points) assert.ok(x! >= 0 && x! <= 140 && y! >= 0 && y! <= 150);
    assert.ok(width > 120 || height > 130);
  });

  it('of other landmarks has a dot for each', () => {
    assert.equal(faceDrawing(Float32Array.of(0, 0, 1, 1, 2, 0), 1, 'points').text.match(/<circle/g)!.length, 3);
  });
});

describe('the bars of probabilities', () => {
  const classes = Array.from({ length: 12 }, (_, k) => `class ${k}`);
  const logits = Float32Array.from(classes, (_, k) => k / 4);
  const [estimate] = estimatesOf(logits, 1, classes, 0, 1);

  it('are those of the most probable classes, in their order, the answer coloured and the label bold', () => {
    const { text } = probabilityBars(estimate!, classes, 'class 9');
    const names = [...text.matchAll(/>(class \d+)</g)].map(([, name]) => name);
    assert.deepEqual(names, classes.slice(4));
    assert.equal(numbers(text, 'fill colour-1', 'width').length, 1);
    assert.match(text, /class="true"[^>]*>class 9</);
  });

  it('are as long as the probabilities', () => {
    const { text } = probabilityBars(estimate!, classes, 'class 9');
    const [track] = numbers(text, 'track', 'width');
    const [answer] = numbers(text, 'fill colour-1', 'width');
    assert.ok(Math.abs(answer! / track! - estimate!.confidence) < 0.001);
  });
});
