import { stderr } from 'node:process';

const LINES_WITHOUT_TERMINAL = 10;

/**
 * Reports long work on the standard error stream: one line that is rewritten on a terminal, ten plain lines elsewhere.
 */
export class Progress {
  private start: number | null = null;
  private linesWritten = 0;

  constructor(private readonly label: string) {}

  /** @param detail more to say of the state, such as a loss */
  update(done: number, total: number, detail = ''): void {
    // Time counts from the first report, before which other work may have run.
    this.start ??= performance.now();
    const seconds = (performance.now() - this.start) / 1000;
    const left = done > 0 ? (seconds / done) * (total - done) : 0;
    const text = `${this.label} ${done}/${total}${detail && `, ${detail}`}, ${seconds.toFixed(0)} s, ${left.toFixed(0)} s left`;
    if (stderr.isTTY) {
      stderr.write(`\r\x1b[2K${text}${done === total ? '\n' : ''}`);
    } else if (done === total || done >= ((this.linesWritten + 1) * total) / LINES_WITHOUT_TERMINAL) {
      this.linesWritten++;
      stderr.write(`${text}\n`);
    }
  }
}
