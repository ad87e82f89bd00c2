/// <reference lib="dom" />
import type { ViewAnswer, ViewTopic, ViewUpdate } from '../protocol.js';
import { CardsView } from './cards.js';
import { PictureView } from './picture.js';
import { recent, type Spread, timesOf } from './statistics.js';
import { TimelineView } from './timeline.js';

const TIMELINE_SECONDS = 30;
const TIMES_SECONDS = 10;
/** The time line and the times change less often than the picture: nobody could read them. */
const SLOW_MILLISECONDS = 200;
/** Without an answer for so long, something is amiss. */
const SILENT_SECONDS = 2;
const RETRY_MILLISECONDS = 1000;

const element = <Type extends HTMLElement>(id: string) => document.getElementById(id) as Type;
const status = element('status');
const picture = new PictureView(element<HTMLCanvasElement>('picture'));
const cards = new CardsView(element('cards'));
const timeline = new TimelineView(element('lanes'), element('legend'), TIMELINE_SECONDS);
let answers: ViewAnswer[] = [];
let shownSlowly = -Infinity;

for (;;) {
  // A page that nobody sees asks for nothing.
  if (document.hidden)
    await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }));
  await follow().catch(() => {
    say('lost', 'The view has stopped. Trying again …');
    showFaces(null);
    return new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS));
  });
}

/** Shows what comes until the page is hidden. @throws Error where the server does not answer */
async function follow(): Promise<void> {
  let version = 0;
  while (!document.hidden) {
    const response = await fetch(`/updates?after=${version}`);
    if (!response.ok) throw new Error(await response.text());
    const bytes = await response.arrayBuffer();
    const length = new DataView(bytes).getUint32(0, true);
    const update: ViewUpdate = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)));
    version = update.version;
    await show(update, new Blob([bytes.slice(4 + length)], { type: 'image/jpeg' }));
  }
}

async function show(update: ViewUpdate, jpeg: Blob): Promise<void> {
  answers = recent([...answers, ...update.answers], TIMELINE_SECONDS);
  if (update.picture !== null) await picture.show(update.picture, jpeg);
  const newest = update.picture?.answer ?? update.answers.at(-1);
  // A picture may wait for its turn with an answer of a node that is gone by now.
  if (isSilent(update.expressionsTopic)) showFaces(null);
  else if (newest !== undefined && newest !== null) showFaces(newest);
  showStatus(update);
  const now = performance.now();
  if (now - shownSlowly < SLOW_MILLISECONDS) return;
  shownSlowly = now;
  timeline.show(answers);
  element('no-past').hidden = answers.some(({ faces }) => faces.length > 0);
  showTimes();
}

function showFaces(answer: ViewAnswer | null): void {
  const faces = answer?.faces ?? [];
  cards.show(faces);
  const nobody = element('nobody');
  nobody.hidden = faces.length > 0;
  nobody.textContent = answer === null ? 'No answers' : 'No face in the picture';
}

function isSilent({ silentSeconds }: ViewTopic): boolean {
  return silentSeconds === null || silentSeconds > SILENT_SECONDS;
}

function showStatus(update: ViewUpdate): void {
  const { imageTopic, expressionsTopic } = update;
  element('topics').textContent = `${imageTopic.name} · ${expressionsTopic.name}`;
  const trouble = troubleOf(update);
  say(trouble === null ? 'live' : 'waiting', trouble ?? 'Live');
}

/** What is amiss, for a person; null where answers come. */
function troubleOf({ imageTopic, expressionsTopic, pictureTrouble }: ViewUpdate): string | null {
  if (pictureTrouble !== null) return pictureTrouble;
  if (!isSilent(expressionsTopic)) return null;
  if (expressionsTopic.publishers === 0) {
    return `Nobody publishes ${expressionsTopic.name}. Is the node running?`;
  }
  if (imageTopic.publishers === 0) return `Nobody publishes ${imageTopic.name}. Is the camera running?`;
  if (isSilent(imageTopic)) return `No image comes on ${imageTopic.name}`;
  return `No answer comes on ${expressionsTopic.name}. Is the node active?`;
}

function say(state: 'live' | 'waiting' | 'lost', words: string): void {
  status.dataset.state = state;
  // What is said again would be read out again.
  if (status.textContent !== words) status.textContent = words;
}

function showTimes(): void {
  const { rateHertz, latency, perception, inference } = timesOf(recent(answers, TIMES_SECONDS));
  const milliseconds = (spread: Spread | undefined) =>
    spread === undefined ? ['–', ''] : [`${spread.median.toFixed(0)} ms`, `${spread.high.toFixed(0)} ms`];
  const tiles: [name: string, value: string[]][] = [
    ['Answers', [`${rateHertz.toFixed(1)} Hz`, '']],
    ['Image to answer', milliseconds(latency)],
    ['Faces and landmarks', milliseconds(perception)],
    ['Network', milliseconds(inference)],
  ];
  element('tiles').replaceChildren(
    ...tiles.map(([name, [value, high]]) => {
      const tile = document.createElement('div');
      const term = document.createElement('dt');
      term.textContent = name;
      const first = document.createElement('dd');
      first.textContent = value!;
      const second = document.createElement('dd');
      second.className = 'high';
      second.textContent = high!;
      tile.append(term, first, second);
      return tile;
    }),
  );
}
