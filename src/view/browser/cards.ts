/// <reference lib="dom" />
import type { ViewFace } from '../protocol.js';
import { categoryColour, percentWithSpread, trackColour } from './format.js';
import { faceWords } from './picture.js';

/** Shows each face of an answer as a card with a bar for each category. */
export class CardsView {
  readonly #place: HTMLElement;
  readonly #cards = new Map<number, Card>();

  constructor(place: HTMLElement) {
    this.#place = place;
  }

  show(faces: readonly ViewFace[]): void {
    const shown = new Set(faces.map(({ trackId }) => trackId));
    for (const [id, card] of this.#cards) {
      if (shown.has(id)) continue;
      card.element.remove();
      this.#cards.delete(id);
    }
    for (const face of faces) {
      let card = this.#cards.get(face.trackId);
      if (card === undefined || !card.fits(face)) {
        card?.element.remove();
        card = new Card(face);
        this.#cards.set(face.trackId, card);
        const after = faces.find(({ trackId }) => trackId > face.trackId && this.#cards.has(trackId));
        this.#place.insertBefore(card.element, after ? this.#cards.get(after.trackId)!.element : null);
      }
      card.show(face);
    }
  }
}

interface Bar {
  readonly meter: HTMLElement;
  readonly fill: HTMLElement;
  readonly spread: HTMLElement;
  readonly value: HTMLElement;
}

/** Elements are made once and changed after that: thirty times a second that is what a browser has time for. */
class Card {
  readonly element = make('article', 'card');
  readonly #title = make('strong', 'words');
  readonly #note = make('p', 'note');
  readonly #bars: Bar[];
  readonly #names: readonly string[];

  constructor({ trackId, classes }: ViewFace) {
    this.#names = classes.map(({ name }) => name);
    this.element.classList.add(trackColour(trackId));
    const heading = make('h2', 'face');
    heading.append(make('span', 'number', `Face ${trackId}`), this.#title);
    const list = make('div', 'bars');
    this.#bars = this.#names.map((name, index) => {
      const row = make('div', `bar ${categoryColour(index)}`);
      const [meter, fill, spread, value] = [
        make('div', 'meter'),
        make('div', 'fill'),
        make('div', 'spread'),
        make('span', 'value'),
      ] as const;
      meter.setAttribute('role', 'meter');
      meter.setAttribute('aria-label', name);
      meter.setAttribute('aria-valuemin', '0');
      meter.setAttribute('aria-valuemax', '100');
      meter.append(fill, spread);
      row.append(make('span', 'name', name), meter, value);
      list.append(row);
      return { meter, fill, spread, value };
    });
    this.element.append(heading, list, this.#note);
  }

  fits({ classes }: ViewFace): boolean {
    return classes.length === this.#names.length && classes.every(({ name }, i) => name === this.#names[i]);
  }

  show(face: ViewFace): void {
    const { classes, categoryIndex, predictiveEntropy, mutualInformation, repeats, category } = face;
    this.#title.textContent = category === '' ? 'Watching …' : faceWords(face);
    const most = Math.log(Math.max(2, classes.length));
    this.#note.textContent =
      category === ''
        ? 'Its movement has not been watched for long enough.'
        : `Entropy ${predictiveEntropy.toFixed(2)} of ${most.toFixed(2)} nats, mutual information ${mutualInformation.toFixed(3)}, ${repeats} repeats`;
    classes.forEach(({ mean, std }, index) => {
      const { meter, fill, spread, value } = this.#bars[index]!;
      const low = Math.max(0, mean - std);
      const high = Math.min(1, mean + std);
      fill.style.width = `${100 * mean}%`;
      spread.style.left = `${100 * low}%`;
      spread.style.width = `${100 * (high - low)}%`;
      spread.hidden = repeats === 0;
      value.textContent = percentWithSpread(mean, std, repeats);
      meter.setAttribute('aria-valuenow', (100 * mean).toFixed(0));
      meter.parentElement!.classList.toggle('named', index === categoryIndex);
    });
  }
}

function make(tag: string, className: string, text = ''): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
