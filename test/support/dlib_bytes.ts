/** A number as dlib serializes it: a control byte with the count of bytes and the sign, then the absolute value's bytes. */
export function integerBytes(value: number): number[] {
  const bytes: number[] = [];
  let rest = Math.abs(value);
  do {
    bytes.push(rest % 256);
    rest = Math.floor(rest / 256);
  } while (rest > 0);
  return [bytes.length | (value < 0 ? 0x80 : 0), ...bytes];
}

/** A floating-point number as dlib serializes it: mantissa and exponent. */
export function floatBytes(value: number): number[] {
  if (Number.isNaN(value)) return [...integerBytes(0), ...integerBytes(32002)];
  if (!Number.isFinite(value)) return [...integerBytes(0), ...integerBytes(value > 0 ? 32000 : 32001)];
  let mantissa = value;
  let exponent = 0;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent--;
  }
  return [...integerBytes(mantissa), ...integerBytes(exponent)];
}

/** A small shape predictor: 2 cascades of 3 trees with 2 levels, 4 pixels, or what `changes` say. */
export interface SmallPredictor {
  readonly version: number;
  readonly points: number;
  readonly cascades: number;
  readonly trees: number;
  readonly splits: number;
  readonly leaves: number;
  readonly pixels: number;
  readonly firstPixel: number;
  readonly anchor: number;
  readonly delta: number;
  readonly leafValue: number;
  readonly threshold: number;
}

/** How a small shape predictor is serialized. */
export function predictorBytes(changes: Partial<SmallPredictor> = {}): Uint8Array {
  const small: SmallPredictor = {
    version: 1,
    points: 68,
    cascades: 2,
    trees: 3,
    splits: 3,
    leaves: 4,
    pixels: 4,
    firstPixel: 3,
    anchor: 67,
    delta: -0.125,
    leafValue: 0.5,
    threshold: -20.5,
    ...changes,
  };
  const bytes: number[] = [];
  const integer = (value: number) => bytes.push(...integerBytes(value));
  const float = (value: number) => bytes.push(...floatBytes(value));
  const shape = (value: (at: number) => number) => {
    integer(-2 * small.points);
    integer(-1);
    for (let at = 0; at < 2 * small.points; at++) float(value(at));
  };
  integer(small.version);
  shape((at) => at / 128);
  integer(small.cascades);
  for (let cascade = 0; cascade < small.cascades; cascade++) {
    integer(small.trees);
    for (let tree = 0; tree < small.trees; tree++) {
      integer(small.splits);
      for (let split = 0; split < small.splits; split++) {
        integer(small.firstPixel);
        integer(split);
        float(small.threshold);
      }
      integer(small.leaves);
      for (let leaf = 0; leaf < small.leaves; leaf++) shape(() => small.leafValue * (leaf + 1) * (cascade + 1));
    }
  }
  integer(small.cascades);
  for (let cascade = 0; cascade < small.cascades; cascade++) {
    integer(small.pixels);
    for (let pixel = 0; pixel < small.pixels; pixel++) integer(small.anchor);
  }
  integer(small.cascades);
  for (let cascade = 0; cascade < small.cascades; cascade++) {
    integer(small.pixels);
    for (let value = 0; value < 2 * small.pixels; value++) float(small.delta);
  }
  return Uint8Array.from(bytes);
}
