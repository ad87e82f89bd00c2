import { auroc } from '../src/learner/evaluation/auroc.js';

/** What was said of one face in one condition; null where no face was found. */
export interface DegradedAnswer {
  readonly face: string;
  readonly kind: string;
  readonly strength: string;
  readonly answer: {
    readonly category: string;
    readonly confidence: number;
    readonly predictiveEntropy: number;
    readonly mutualInformation: number;
    readonly reliability: number;
  } | null;
}

/** The figures of one condition; null where no face was found. */
export interface ConditionFigures {
  readonly kind: string;
  readonly strength: string;
  readonly faces: number;
  readonly found: number;
  readonly reliability: number | null;
  readonly confidence: number | null;
  readonly predictive_entropy: number | null;
  readonly mutual_information: number | null;
  /** Share of the answers that name what the clean face's answer names. */
  readonly agreement: number | null;
  /** Confidence minus agreement: above 0 where it is surer than it can be. */
  readonly gap: number | null;
}

/** All figures. */
export interface UncertaintyFigures {
  readonly conditions: readonly ConditionFigures[];
  /** By kind, and `all`: how probably a changed answer has a higher predictive entropy than a clean face's; null without any. */
  readonly auroc: Readonly<Record<string, number | null>>;
}

/** Figures by condition, in the order of their first answers; the clean ones are of kind `clean`. */
export function uncertaintyFigures(answers: readonly DegradedAnswer[]): UncertaintyFigures {
  const clean = answers.filter(({ kind }) => kind === 'clean').flatMap(({ answer }) => (answer ? [answer] : []));
  const cleanCategory = new Map(
    answers.filter(({ kind }) => kind === 'clean').map((each) => [each.face, each.answer?.category]),
  );
  const isChanged = ({ face, answer }: DegradedAnswer) =>
    answer !== null && answer.category !== cleanCategory.get(face);
  const conditions = new Map<string, DegradedAnswer[]>();
  for (const answer of answers) {
    const condition = `${answer.kind} ${answer.strength}`;
    conditions.set(condition, [...(conditions.get(condition) ?? []), answer]);
  }
  const kinds = [...new Set(answers.map(({ kind }) => kind))].filter((kind) => kind !== 'clean');
  const aurocOf = (kind: string) => {
    const changed = answers.filter((each) => (kind === 'all' || each.kind === kind) && isChanged(each));
    const entropies = [...changed.map(({ answer }) => answer!), ...clean].map((answer) => answer.predictiveEntropy);
    return auroc(
      entropies,
      entropies.map((_, index) => index < changed.length),
    );
  };
  return {
    conditions: [...conditions.values()].map((all) => figuresOf(all, all.map(isChanged))),
    auroc: Object.fromEntries(['all', ...kinds].map((kind) => [kind, aurocOf(kind)])),
  };
}

function figuresOf(all: readonly DegradedAnswer[], changed: readonly boolean[]): ConditionFigures {
  const seen = all.flatMap(({ answer }, index) => (answer ? [{ ...answer, agrees: Number(!changed[index]) }] : []));
  const mean = (value: (answer: (typeof seen)[number]) => number) =>
    seen.length > 0 ? seen.reduce((sum, answer) => sum + value(answer), 0) / seen.length : null;
  return {
    kind: all[0]!.kind,
    strength: all[0]!.strength,
    faces: all.length,
    found: seen.length / all.length,
    reliability: mean(({ reliability }) => reliability),
    confidence: mean(({ confidence }) => confidence),
    predictive_entropy: mean(({ predictiveEntropy }) => predictiveEntropy),
    mutual_information: mean(({ mutualInformation }) => mutualInformation),
    agreement: mean(({ agrees }) => agrees),
    gap: mean(({ confidence, agrees }) => confidence - agrees),
  };
}
