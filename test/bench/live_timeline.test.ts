import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type TimelineAnswer, timeline } from '../../bench/live_timeline.js';

const CLASSES = ['Happy', 'Bored', 'Neutral'];

/** Ten answers a second; '' for none. */
function answers(...stretches: readonly (readonly [category: string, images: number])[]): TimelineAnswer[] {
  const names = stretches.flatMap(([category, images]) => Array.from({ length: images }, () => category));
  return names.map((category, index) => {
    const mean = Float32Array.from(CLASSES, (name) => (name === category ? 0.8 : 0.1));
    const estimate = category === '' ? undefined : { category, predictiveEntropy: 0.6, confidence: 0.8, mean };
    return { stampSeconds: index / 10, estimate };
  });
}

/** The tags of a text, each closed in its turn. */
function closedTags(text: string): string[] {
  const open: string[] = [];
  const all: string[] = [];
  for (const [, end, name, own] of text.matchAll(/<(\/?)(\w+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (end) assert.equal(open.pop(), name);
    else {
      all.push(name!);
      if (!own) open.push(name!);
    }
  }
  assert.deepEqual(open, []);
  return all;
}

it('timeline draws each stretch of a category, the bands of each unbroken run, and the notes', () => {
  const shown = answers(['', 3], ['Neutral', 20], ['Happy', 10], ['', 10], ['Bored', 7]);
  const text = timeline(
    'a<b.mp4',
    shown,
    [
      [0, 2, 'rest'],
      [2.3, 3.3, 'Happy'],
      [3.4, 3.6, 'turned'],
      [9, 11, 'rest'],
    ],
    CLASSES,
  );
  const tags = closedTags(text);
  assert.match(text, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 638 \d+"/);
  // Three stretches, and three bands in each of the two runs.
  assert.equal(tags.filter((tag) => tag === 'path').length, 3 + 2 * 3);
  for (const title of [
    'Neutral, 0.3 to 2.3 s',
    'Happy, 2.3 to 3.3 s',
    'Bored, 4.3 to 5.0 s',
    'noted: turned, 3.4 to 3.6 s',
  ])
    assert.ok(text.includes(`<title>${title}</title>`), title);
  // What is noted after the end is not drawn; nor may a name be taken for markup.
  assert.ok(!text.includes('9 to 11'));
  assert.ok(text.includes('a&lt;b.mp4') && !text.includes('a<b'));
  // Confidence 0.8 of an axis of 80 pixels whose bottom is at 148.
  assert.match(text, /<path d="M\d+(\.\d+)? 148L\d+(\.\d+)? 84L/);
  assert.doesNotMatch(text, /NaN|undefined|Infinity/);
});
