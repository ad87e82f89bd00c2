/** What a face does from one time (s) to another, noted by hand: rest, speaks, turned, covered, or a category. */
export type Note = readonly [fromSeconds: number, toSeconds: number, what: string];

/** The answer for an image; undefined where the face was not found or its window is not full. */
export interface Answer {
  readonly stampSeconds: number;
  readonly estimate: { readonly category: string; readonly predictiveEntropy: number } | undefined;
}

/** How the answers for a clip behave beside its notes; null where there is nothing to tell it by. */
export interface Behaviour {
  readonly images: number;
  readonly images_without_answer: number;
  readonly changes_in_10_s: number | null;
  readonly changes_in_10_s_of_rest: number | null;
  /** Between the answers at rest. */
  readonly seconds_of_rest: number;
  /** Share of the answers at rest that are Neutral. */
  readonly neutral_at_rest: number | null;
  /** By category: share of the answers at rest, the most frequent first. */
  readonly rest_called: Readonly<Record<string, number>>;
  /** Nats, mean over what was noted as each. */
  readonly entropy: Readonly<Record<string, number>>;
  /** Each category that was noted: share of the answers, and how long after the noted start it was named first (s). */
  readonly expressions: readonly { from: number; category: string; share: number; named_after_s: number | null }[];
}

/** The figures of one clip. */
export function behaviourOf(answers: readonly Answer[], notes: readonly Note[]): Behaviour {
  const named = answers.filter(({ estimate }) => estimate !== undefined);
  const within = ([from, to]: Note) => named.filter(({ stampSeconds: at }) => at >= from && at < to);
  const rests = notes.filter(([, , what]) => what === 'rest');
  const atRest = rests.flatMap(within);
  const resting = changesOf(rests.map(within));
  const entropy: Record<string, number> = {};
  for (const what of new Set(notes.map(([, , each]) => each))) {
    const values = notes.filter(([, , each]) => each === what).flatMap(within);
    if (values.length > 0) entropy[what] = mean(values.map(({ estimate }) => estimate!.predictiveEntropy));
  }
  return {
    images: answers.length,
    images_without_answer: answers.length - named.length,
    changes_in_10_s: inTenSeconds(changesOf([named])),
    changes_in_10_s_of_rest: inTenSeconds(resting),
    seconds_of_rest: resting.seconds,
    neutral_at_rest:
      atRest.length > 0 ? mean(atRest.map(({ estimate }) => Number(estimate!.category === 'Neutral'))) : null,
    rest_called: shares(atRest.map(({ estimate }) => estimate!.category)),
    entropy,
    expressions: notes
      .filter(([, , what]) => /^[A-Z]/.test(what))
      .map((note) => {
        const shown = within(note);
        const hits = shown.filter(({ estimate }) => estimate!.category === note[2]);
        const first = hits[0];
        return {
          from: note[0],
          category: note[2],
          share: shown.length > 0 ? hits.length / shown.length : 0,
          named_after_s: first ? first.stampSeconds - note[0] : null,
        };
      }),
  };
}

/** How often, and in what time, the category changes within stretches of answers. */
function changesOf(stretches: readonly (readonly Answer[])[]): { changes: number; seconds: number } {
  let [changes, seconds] = [0, 0];
  for (const stretch of stretches) {
    stretch.forEach((answer, index) => {
      const before = stretch[index - 1];
      if (!before) return;
      seconds += answer.stampSeconds - before.stampSeconds;
      if (answer.estimate!.category !== before.estimate!.category) changes++;
    });
  }
  return { changes, seconds };
}

function inTenSeconds({ changes, seconds }: { changes: number; seconds: number }): number | null {
  return seconds > 0 ? (10 * changes) / seconds : null;
}

/** Share of each of some names, the most frequent first. */
function shares(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return Object.fromEntries(sorted.map(([name, count]) => [name, count / names.length]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
