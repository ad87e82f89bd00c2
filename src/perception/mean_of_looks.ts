/**
 * What several looks at the same face give together: steadier than one.
 *
 * @param looks of one length, at least one
 */
export function meanOfLooks(looks: readonly Float32Array[]): Float32Array {
  return looks[0]!.map((_, at) => looks.reduce((sum, look) => sum + look[at]!, 0) / looks.length);
}
