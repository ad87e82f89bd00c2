/// <reference lib="dom" />
import type { ViewAnswer } from '../protocol.js';
import { categoryColour, trackColour } from './format.js';

const HEIGHT = 56;
/** Of the strip that tells the category. */
const STRIP = 10;
/** A face that was away for longer breaks its line. */
const BREAK_SECONDS = 0.5;

/** Shows what each face was called over the last seconds: its probability with the spread about it, and the category's colour. */
export class TimelineView {
  readonly #lanes: HTMLElement;
  readonly #legend: HTMLElement;
  readonly #seconds: number;
  readonly #canvases = new Map<number, HTMLCanvasElement>();
  #names = '';

  constructor(lanes: HTMLElement, legend: HTMLElement, seconds: number) {
    this.#lanes = lanes;
    this.#legend = legend;
    this.#seconds = seconds;
  }

  /** @param answers of the last seconds, oldest first */
  show(answers: readonly ViewAnswer[]): void {
    const end = answers.at(-1)?.stampSeconds ?? 0;
    const ids = new Set(answers.flatMap(({ faces }) => faces.map(({ trackId }) => trackId)));
    for (const [id, canvas] of this.#canvases) {
      if (ids.has(id)) continue;
      canvas.parentElement!.remove();
      this.#canvases.delete(id);
    }
    for (const id of [...ids].sort((a, b) => a - b)) this.#drawLane(this.#canvasOf(id), id, answers, end);
    this.#showLegend(answers);
  }

  #canvasOf(id: number): HTMLCanvasElement {
    let canvas = this.#canvases.get(id);
    if (canvas !== undefined) return canvas;
    canvas = document.createElement('canvas');
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `What face ${id} was called over the last ${this.#seconds} seconds`);
    const lane = document.createElement('div');
    lane.className = `lane ${trackColour(id)}`;
    const name = document.createElement('span');
    name.className = 'number';
    name.textContent = `Face ${id}`;
    lane.append(name, canvas);
    this.#lanes.append(lane);
    this.#canvases.set(id, canvas);
    return canvas;
  }

  #drawLane(canvas: HTMLCanvasElement, id: number, answers: readonly ViewAnswer[], end: number): void {
    const density = devicePixelRatio;
    const width = canvas.clientWidth;
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(HEIGHT * density);
    const context = canvas.getContext('2d')!;
    context.scale(density, density);
    const style = getComputedStyle(canvas);
    const room = HEIGHT - STRIP - 4;
    const xOf = (seconds: number) => width * (1 - (end - seconds) / this.#seconds);
    const yOf = (probability: number) => 1 + (room - 2) * (1 - Math.min(1, Math.max(0, probability)));
    context.fillStyle = style.getPropertyValue('--rule');
    for (let seconds = 0; seconds <= this.#seconds; seconds += 5) context.fillRect(xOf(end - seconds), 0, 1, room);
    let before:
      | {
          readonly x: number;
          readonly seconds: number;
          readonly y: number;
          readonly low: number;
          readonly high: number;
        }
      | undefined;
    for (const { stampSeconds, faces } of answers) {
      const face = faces.find(({ trackId }) => trackId === id);
      if (face === undefined || face.category === '') continue;
      const x = xOf(stampSeconds);
      const std = face.classes[face.categoryIndex]?.std ?? 0;
      const now = {
        x,
        seconds: stampSeconds,
        y: yOf(face.confidence),
        low: yOf(face.confidence - std),
        high: yOf(face.confidence + std),
      };
      if (before !== undefined && stampSeconds - before.seconds <= BREAK_SECONDS) {
        const colour = style.getPropertyValue(`--${categoryColour(face.categoryIndex)}`);
        context.fillStyle = colour;
        context.globalAlpha = 0.3;
        context.beginPath();
        context.moveTo(before.x, before.high);
        context.lineTo(now.x, now.high);
        context.lineTo(now.x, now.low);
        context.lineTo(before.x, before.low);
        context.fill();
        context.globalAlpha = 1;
        // Whole pixels, as edges that share one would be seen as stripes.
        const left = Math.floor(before.x);
        context.fillRect(left, HEIGHT - STRIP, Math.floor(now.x) - left, STRIP);
        context.strokeStyle = colour;
        context.lineWidth = 2;
        context.beginPath();
        context.moveTo(before.x, before.y);
        context.lineTo(now.x, now.y);
        context.stroke();
      }
      before = now;
    }
  }

  #showLegend(answers: readonly ViewAnswer[]): void {
    const classes = answers.flatMap(({ faces }) => faces).find((face) => face.classes.length > 0)?.classes ?? [];
    const names = classes.map(({ name }) => name).join();
    if (names === this.#names || names === '') return;
    this.#names = names;
    this.#legend.replaceChildren(
      ...classes.map(({ name }, index) => {
        const item = document.createElement('li');
        item.className = categoryColour(index);
        item.textContent = name;
        return item;
      }),
    );
  }
}
