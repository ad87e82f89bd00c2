import { PickleWriter } from '../../pickle/pickle_writer.js';

/**
 * The reference's wrong_file: a line `index,predicted,true` for each wrong answer.
 *
 * @param labels, answers (N): class indices
 */
export function wrongFileText(labels: ArrayLike<number>, answers: ArrayLike<number>): string {
  return lines(labels, (label, sample) => {
    const answer = answers[sample]!;
    return answer === label ? null : `${sample},${answer},${label}`;
  });
}

/**
 * The reference's result_file: a line `predicted,true` for each answer, in the order of the samples.
 *
 * @param labels, answers (N): class indices
 */
export function resultFileText(labels: ArrayLike<number>, answers: ArrayLike<number>): string {
  return lines(labels, (label, sample) => `${answers[sample]},${label}`);
}

function lines(labels: ArrayLike<number>, line: (label: number, sample: number) => string | null): string {
  return Array.from(labels, line)
    .filter((text) => text !== null)
    .map((text) => `${text}\n`)
    .join('');
}

/**
 * The reference's score file: a pickled dict of a sample's name to its scores, a list of K floats.
 *
 * @param names (N); of a name that comes twice, Python keeps the last scores
 * @param scores (N) of (K): logits, as in the reference, or probabilities
 */
export function scorePickle(names: readonly string[], scores: readonly ArrayLike<number>[]): Buffer {
  const pickle = new PickleWriter().emptyDictionary();
  names.forEach((name, sample) => {
    const row = scores[sample]!;
    pickle.text(name).list(() => {
      for (let k = 0; k < row.length; k++) pickle.float(row[k]!);
    });
    pickle.setItem();
  });
  return pickle.finish();
}
