import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labelBytes } from '../../src/datasets/label_file.js';
import { npyBytes } from '../../src/datasets/npy.js';
import { normalValues } from './networks.js';

/** Classes of AFEW. */
export const PREPARED_CLASSES = 7;
/** (C, T, V, M) of the samples, AFEW's but for fewer frames and points. */
export const PREPARED_DIMS = [2, 12, 9, 1] as const;

/**
 * Writes train.npy, val.npy and their labels, in the layout of OpenDR's scripts: AFEW-shaped, but smaller. Each class
 * moves its points in a direction of its own.
 */
export function writePreparedSamples(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, count, seed] of [
    ['train', 42, 1],
    ['val', 21, 2],
  ] as const) {
    const labels = Int32Array.from({ length: count }, (_, i) => i % PREPARED_CLASSES);
    const dims = [count, ...PREPARED_DIMS];
    writeFileSync(join(folder, `${name}.npy`), npyBytes({ dims, values: moving(labels, seed) }));
    const names = Array.from(labels, (_, i) => `${name}/${i}`);
    writeFileSync(join(folder, `${name}_labels.pkl`), labelBytes(names, labels));
  }
}

function moving(labels: Int32Array, seed: number): Float32Array {
  const [channels, frames, points] = PREPARED_DIMS;
  const values = normalValues(labels.length * channels * frames * points, seed).map((value) => 0.2 * value);
  let next = 0;
  for (const label of labels) {
    const angle = (2 * Math.PI * label) / PREPARED_CLASSES;
    for (let channel = 0; channel < channels; channel++) {
      const speed = channel === 0 ? Math.cos(angle) : Math.sin(angle);
      for (let frame = 0; frame < frames; frame++) {
        for (let point = 0; point < points; point++, next++) values[next] = values[next]! + (speed * frame) / frames;
      }
    }
  }
  return values;
}
