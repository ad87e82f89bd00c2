import type { ViewAnswer } from '../protocol.js';

/** Numbers over the last answers. */
export interface Times {
  /** Answers a second. */
  readonly rateHertz: number;
  /** Milliseconds: median and 99th percentile; undefined where no answer had a face. */
  readonly perception: Spread | undefined;
  readonly inference: Spread | undefined;
  readonly latency: Spread | undefined;
}

/** The middle and nearly the largest of numbers. */
export interface Spread {
  readonly median: number;
  readonly high: number;
}

/** Times over answers, oldest first. Inference counts where there was one. */
export function timesOf(answers: readonly ViewAnswer[]): Times {
  const faces = answers.flatMap(({ faces: [first] }) => (first === undefined ? [] : [first]));
  const span = answers.length > 1 ? answers.at(-1)!.stampSeconds - answers[0]!.stampSeconds : 0;
  return {
    rateHertz: span > 0 ? (answers.length - 1) / span : 0,
    perception: spreadOf(faces.map((face) => face.perceptionMilliseconds)),
    inference: spreadOf(faces.map((face) => face.inferenceMilliseconds).filter((value) => value > 0)),
    latency: spreadOf(faces.map((face) => face.latencyMilliseconds)),
  };
}

function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { median: at(0.5), high: at(0.99) };
}

/** Those of the last seconds, by stamps; all go where stamps go back, as where a recording starts again. */
export function recent(answers: readonly ViewAnswer[], seconds: number): ViewAnswer[] {
  let start = answers.length - 1;
  const newest = answers.at(-1)?.stampSeconds ?? 0;
  while (
    start > 0 &&
    answers[start - 1]!.stampSeconds < answers[start]!.stampSeconds &&
    newest - answers[start - 1]!.stampSeconds <= seconds
  ) {
    start--;
  }
  return answers.slice(Math.max(0, start));
}
