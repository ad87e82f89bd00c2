/** Landmarks (68, 2) of a drawn face whose eyes' outer corners are 1 apart. */
export function schematicFace(): number[] {
  const points: [x: number, y: number][] = [];
  const arc = (count: number, cx: number, cy: number, rx: number, ry: number, from: number, to: number) => {
    for (let n = 0; n < count; n++) {
      const angle = from + (n / Math.max(1, count - 1)) * (to - from);
      points.push([cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)]);
    }
  };
  arc(17, 0, 0.1, 0.8, 1.1, Math.PI, 0);
  arc(5, -0.37, -0.2, 0.28, 0.1, Math.PI, 2 * Math.PI);
  arc(5, 0.37, -0.2, 0.28, 0.1, Math.PI, 2 * Math.PI);
  for (let n = 0; n < 4; n++) points.push([0, n * 0.13]);
  arc(5, 0, 0.48, 0.18, 0.08, Math.PI, 0);
  for (const cx of [-0.34, 0.34]) arc(6, cx, 0, 0.16, 0.06, Math.PI, (8 / 3) * Math.PI);
  arc(12, 0, 0.8, 0.3, 0.12, Math.PI, (17 / 6) * Math.PI);
  arc(8, 0, 0.8, 0.22, 0.05, Math.PI, (11 / 4) * Math.PI);
  const width = Math.hypot(points[45]![0] - points[36]![0], points[45]![1] - points[36]![1]);
  return points.flatMap(([x, y]) => [x / width, y / width]);
}
