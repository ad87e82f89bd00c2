import type { FacialExpressionMessage, FacialExpressionsMessage, TimeMessage } from '../messages.js';

const BAR_WIDTH = 20;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** One line of text on what a message says: when, and of each face who, what and how sure. */
export function expressionLine({ header, faces }: FacialExpressionsMessage): string {
  const what = faces.length === 0 ? 'no face' : faces.map(faceText).join('   ');
  return `${clockTime(header.stamp)}  ${what}`;
}

function faceText(face: FacialExpressionMessage): string {
  const { track_id: id, category, category_index: index, classes, confidence, predictive_entropy: entropy } = face;
  if (category === '') return `face ${id}  watching it`;
  const width = Math.max(...classes.map(({ name }) => name.length));
  const percent = `${(100 * confidence).toFixed(0)}`.padStart(3);
  const spread = `${(100 * (classes[index]?.std ?? 0)).toFixed(0)}`.padStart(2);
  return `face ${id}  ${category.padEnd(width)} ${bar(confidence)} ${percent} ± ${spread} %  entropy ${entropy.toFixed(2)}  ${face.latency_ms.toFixed(0).padStart(3)} ms`;
}

/** A bar of BAR_WIDTH characters for a value of 0 to 1. */
function bar(value: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, value)) * BAR_WIDTH * 8);
  return `${'█'.repeat(eighths >> 3)}${EIGHTHS[eighths & 7]}`.padEnd(BAR_WIDTH, '·');
}

/** A stamp as the local time of day, to the millisecond. */
function clockTime({ sec, nanosec }: TimeMessage): string {
  const date = new Date(sec * 1000 + Math.floor(nanosec / 1e6));
  const two = (value: number) => String(value).padStart(2, '0');
  const milliseconds = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`;
}
