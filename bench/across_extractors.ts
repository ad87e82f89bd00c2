import type { HeldOutGroupReport } from '../src/experiments/held_out_groups.js';

/** How right the answers to the points of one extractor are, compared with a mean neutral face; null where there are none. */
export interface ExtractorFigures {
  readonly sequences_accuracy: number | null;
  readonly sequences_mean_recall: number | null;
  readonly stills_accuracy: number | null;
  readonly stills_mean_recall: number | null;
}

/** The figures of a cross-validation by extractor; those that know the person's own neutral face are left out. */
export function acrossExtractors(groups: readonly HeldOutGroupReport[]): Record<string, ExtractorFigures> {
  const compared = groups.filter(({ reference }) => reference === 'mean');
  const names = [...new Set(compared.map(({ extractor }) => extractor))].sort();
  return Object.fromEntries(
    names.map((name) => {
      const of = (source: HeldOutGroupReport['source']) =>
        compared.find((group) => group.extractor === name && group.source === source);
      const [sequences, stills] = [of('sequences'), of('stills')];
      return [
        name,
        {
          sequences_accuracy: sequences?.accuracy ?? null,
          sequences_mean_recall: sequences?.mean_recall ?? null,
          stills_accuracy: stills?.accuracy ?? null,
          stills_mean_recall: stills?.mean_recall ?? null,
        },
      ];
    }),
  );
}
