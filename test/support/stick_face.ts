/** A stick face 60 wide and 80 high around (100, 100): eyes level, every other point between the box's corners. */
export function stickFace(): Float32Array {
  const landmarks = new Float32Array(136).fill(100);
  landmarks.set([70, 60], 0);
  landmarks.set([130, 60], 32);
  landmarks.set([100, 140], 16);
  for (let point = 36; point < 42; point++) landmarks.set([85, 80], 2 * point);
  for (let point = 42; point < 48; point++) landmarks.set([115, 80], 2 * point);
  return landmarks;
}

/** Turns landmarks about (x, y) by radians, scales them and moves them. */
export function movedFace(landmarks: Float32Array, roll: number, scale: number, dx: number, dy: number): Float32Array {
  return landmarks.map((value, at) => {
    const x = landmarks[at - (at % 2)]! - 100;
    const y = landmarks[at - (at % 2) + 1]! - 100;
    if (at % 2 === 0) return 100 + scale * (Math.cos(roll) * x - Math.sin(roll) * y) + dx;
    return Number.isFinite(value) ? 100 + scale * (Math.sin(roll) * x + Math.cos(roll) * y) + dy : value;
  });
}
