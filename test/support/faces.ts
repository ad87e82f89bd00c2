import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npyBytes } from '../../src/datasets/npy.js';
import { SeededRandom } from '../../src/learner/random/seeded_random.js';
import { LANDMARKS } from '../../src/perception/landmarks/dlib_landmarks.js';

/** A drawn face in dlib's order, (68, 2) in pixels, about 100 wide: an arc for the jaw, ellipses for eyes and mouth. */
export function drawnFace(): Float32Array {
  const points: [number, number][] = [];
  const arc = (cx: number, cy: number, rx: number, ry: number, from: number, to: number, count: number) => {
    for (let i = 0; i < count; i++) {
      const angle = ((from + ((to - from) * i) / (count - 1)) * Math.PI) / 180;
      points.push([cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)]);
    }
  };
  arc(50, 45, 50, 60, 180, 0, 17);
  arc(27, 28, 16, 8, 200, 340, 5);
  arc(73, 28, 16, 8, 200, 340, 5);
  for (let i = 0; i < 4; i++) points.push([50, 38 + 7 * i]);
  arc(50, 62, 10, 4, 180, 0, 5);
  arc(28, 38, 8, 4, 180, 480, 6);
  arc(72, 38, 8, 4, 180, 480, 6);
  arc(50, 80, 20, 8, 180, 510, 12);
  arc(50, 80, 14, 4, 180, 495, 8);
  return Float32Array.from(points.flat());
}

/** Displacements (68, 2) of some drawn expressions at their apex. */
export const DRAWN_EXPRESSIONS: Readonly<Record<string, (x: number, y: number, landmark: number) => [number, number]>> =
  {
    Happy: (x, _y, landmark) => (landmark >= 48 ? [(x - 50) * 0.3, -Math.abs(x - 50) * 0.3] : [0, 0]),
    Sad: (x, _y, landmark) =>
      landmark >= 48 ? [0, Math.abs(x - 50) * 0.3] : landmark < 27 && landmark > 16 ? [0, -2] : [0, 0],
    Surprise: (_x, y, landmark) =>
      landmark >= 48 ? [0, (y - 80) * 1.2] : landmark < 27 && landmark > 16 ? [0, -6] : [0, 0],
  };

/**
 * Writes a landmark tree of drawn expressions: every subject shows each of them once, in a face, place and size of its
 * own, from rest to apex in four frames.
 */
export function writeDrawnTree(root: string, subjects: number, seed: number): void {
  const random = new SeededRandom(seed);
  for (let subject = 0; subject < subjects; subject++) {
    const scale = 0.6 + random.uniform();
    const shift = [40 * random.uniform(), 40 * random.uniform()];
    const shape = drawnFace().map((value) => value + random.normal());
    for (const [category, displacement] of Object.entries(DRAWN_EXPRESSIONS)) {
      const folder = join(root, `S${String(subject).padStart(3, '0')}`, category, '001');
      mkdirSync(folder, { recursive: true });
      [0, 0.6, 0.8, 1].forEach((strength, frame) => {
        const values = new Float32Array(2 * LANDMARKS);
        for (let i = 0; i < LANDMARKS; i++) {
          const [x, y] = [shape[2 * i]!, shape[2 * i + 1]!];
          displacement(x, y, i).forEach((delta, axis) => {
            const moved = shape[2 * i + axis]! + strength * delta + 0.3 * random.normal();
            values[2 * i + axis] = scale * moved + shift[axis]!;
          });
        }
        writeFileSync(join(folder, `${frame}.npy`), npyBytes({ dims: [LANDMARKS, 2], values }));
      });
    }
  }
}

/** A drawn face that becomes surprised, (frames, 68, 2) in pixels. */
export function drawnSequence(frames: number): Float32Array {
  const face = drawnFace();
  const result = new Float32Array(frames * face.length);
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < LANDMARKS; i++) {
      const [x, y] = [face[2 * i]!, face[2 * i + 1]!];
      const moved = DRAWN_EXPRESSIONS.Surprise!(x, y, i);
      const strength = frames > 1 ? frame / (frames - 1) : 0;
      result[frame * face.length + 2 * i] = x + strength * moved[0];
      result[frame * face.length + 2 * i + 1] = y + strength * moved[1];
    }
  }
  return result;
}
