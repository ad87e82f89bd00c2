/** A function to be minimised: its value at a point, and its gradient there, which it writes. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** Differences that the curvature is estimated from. */
const MEMORY = 10;
/** Of the decrease that the slope promises, the share that a step must bring (Armijo 1966). */
const SUFFICIENT_DECREASE = 1e-4;
const MOST_HALVINGS = 30;

/**
 * The minimum of a smooth convex function by limited-memory BFGS (Nocedal and Wright 2006, algorithm 7.5), with steps that are halved
 * until they bring what the slope promises.
 *
 * @param start where to begin; not changed
 * @param iterations at most
 * @param tolerance it ends where no step brings more than this share of the value
 */
export function minimise(
  objective: Objective,
  start: Float64Array,
  iterations: number,
  tolerance = 1e-7,
): Float64Array {
  const size = start.length;
  let point = start.slice();
  let gradient = new Float64Array(size);
  let value = objective(point, gradient);
  const steps: Float64Array[] = [];
  const turns: Float64Array[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    const direction = descent(gradient, steps, turns);
    const slope = dot(direction, gradient);
    if (slope >= 0) break;
    // Without curvature a gradient tells the direction, not how far.
    let length = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    let next = point;
    let nextGradient = gradient;
    let nextValue = value;
    for (let halving = 0; halving <= MOST_HALVINGS; halving++, length /= 2) {
      next = point.map((at, i) => at + length * direction[i]!);
      nextGradient = new Float64Array(size);
      nextValue = objective(next, nextGradient);
      if (nextValue <= value + SUFFICIENT_DECREASE * length * slope) break;
    }
    if (!(nextValue < value)) break;
    remember(
      steps,
      next.map((at, i) => at - point[i]!),
    );
    remember(
      turns,
      nextGradient.map((at, i) => at - gradient[i]!),
    );
    const isDone = value - nextValue <= tolerance * Math.abs(value);
    [point, gradient, value] = [next, nextGradient, nextValue];
    if (isDone) break;
  }
  return point;
}

/** The quasi-Newton direction downhill: the two-loop recursion. */
function descent(gradient: Float64Array, steps: readonly Float64Array[], turns: readonly Float64Array[]): Float64Array {
  const direction = gradient.map((value) => -value);
  const shares: number[] = [];
  for (let i = steps.length - 1; i >= 0; i--) {
    shares[i] = dot(steps[i]!, direction) / dot(steps[i]!, turns[i]!);
    add(direction, turns[i]!, -shares[i]!);
  }
  const newest = steps.length - 1;
  if (newest >= 0) {
    const scale = dot(steps[newest]!, turns[newest]!) / dot(turns[newest]!, turns[newest]!);
    direction.forEach((value, i) => {
      direction[i] = value * scale;
    });
  }
  for (let i = 0; i < steps.length; i++) {
    const share = dot(turns[i]!, direction) / dot(steps[i]!, turns[i]!);
    add(direction, steps[i]!, shares[i]! - share);
  }
  return direction;
}

function remember(list: Float64Array[], value: Float64Array): void {
  list.push(value);
  if (list.length > MEMORY) list.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function add(target: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * values[i]!;
}
