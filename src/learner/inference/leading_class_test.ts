/** Shares of the capital that are bet; a mixture of them needs no guess of how clear the lead is. */
const STAKES = [0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9];

/**
 * Tells while Monte Carlo passes are drawn whether the class that leads would still lead after infinitely many.
 *
 * For each pair of classes (a, b) a bettor stakes money on a having the larger mean probability: a pass in which the
 * probabilities differ by d = p_a - p_b, -1 to 1, multiplies the capital by 1 + s d for a stake s in 0 .. 1. If a does
 * not lead b, no bettor wins in the long run, whatever the distribution of d: the capital, averaged over several stakes,
 * is a supermartingale that starts at 1 and ever reaches c with a probability of at most 1 / c (Ville 1939; Waudby-Smith
 * and Ramdas 2024, "Estimating means of bounded random variables by betting"). The bound holds over all looks together,
 * so it may be looked at after each pass. The leader is settled once its capital against every rival reaches
 * (K - 1) / errorProbability: one of the K - 1 classes that do not truly lead is then taken for the leader with a
 * probability of at most `errorProbability`.
 */
export class LeadingClassTest {
  /** [(a * K + b) * stakes + i]: logarithm of the capital of stake i on a before b. */
  private readonly logCapital: Float64Array;
  private readonly sum: Float64Array;
  private readonly threshold: number;

  /**
   * @param classCount K
   * @param errorProbability largest probability that a class is settled on which is not the leader, above 0, below 1
   */
  constructor(
    private readonly classCount: number,
    errorProbability: number,
  ) {
    this.logCapital = new Float64Array(classCount * classCount * STAKES.length);
    this.sum = new Float64Array(classCount);
    this.threshold = Math.log((classCount - 1) / errorProbability);
  }

  /** @param probabilities (K): of one more pass */
  add(probabilities: ArrayLike<number>): void {
    const { classCount, logCapital, sum } = this;
    for (let a = 0, at = 0; a < classCount; a++) {
      sum[a]! += probabilities[a]!;
      for (let b = 0; b < classCount; b++) {
        const lead = probabilities[a]! - probabilities[b]!;
        for (const stake of STAKES) logCapital[at++]! += Math.log1p(stake * lead);
      }
    }
  }

  /** Whether the class that leads so far is settled. */
  get settled(): boolean {
    const { classCount, sum } = this;
    let leader = 0;
    for (let k = 1; k < classCount; k++) if (sum[k]! > sum[leader]!) leader = k;
    for (let rival = 0; rival < classCount; rival++) {
      if (rival !== leader && this.logMeanCapital(leader, rival) < this.threshold) return false;
    }
    return true;
  }

  private logMeanCapital(leader: number, rival: number): number {
    const start = (leader * this.classCount + rival) * STAKES.length;
    const logs = this.logCapital.subarray(start, start + STAKES.length);
    const largest = Math.max(...logs);
    return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0) / STAKES.length);
  }
}
