import { randomInt } from 'node:crypto';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const LENGTH = 5;

/**
 * Five random letters: an id as REP 155 wants them, short and without meaning. It is not counted up, so that another run of
 * the node, or another node, does not give the id of somebody who was seen before to somebody else.
 *
 * @param taken ids that it must not be
 */
export function randomFaceId(taken: Iterable<string>): string {
  const others = new Set(taken);
  for (;;) {
    const id = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
    if (!others.has(id)) return id;
  }
}
