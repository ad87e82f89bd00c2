/** A whole number that a user sets: what it is where nothing is said, and the least and the most that it may be. */
interface IntegerSetting {
  readonly defaultValue: number;
  readonly range: readonly [low: number, high: number];
}

/** What the parameters of expression_node and the flags of the commands that run the same pipeline have in common. */
export const SHARED_SETTINGS = {
  /** Monte Carlo dropout repeats; 0: one pass without dropout. */
  mcdoRepeats: { defaultValue: 100, range: [0, 1000] },
  /** Faces that are followed at once at most. */
  maxFaces: { defaultValue: 8, range: [1, 64] },
  /** Milliseconds, the time constant of the smoothing of each face; 0: none. */
  smoothingMs: { defaultValue: 250, range: [0, 10_000] },
} as const satisfies Readonly<Record<string, IntegerSetting>>;

/** What a seed may be; -1: other masks for every image. Where nothing is said, a node takes others, a command the same. */
export const SEED_RANGE = [-1, 2 ** 31 - 1] as const;
