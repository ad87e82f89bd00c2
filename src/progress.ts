import { stderr } from 'node:process';

const LINES_WITHOUT_TERMINAL = 10;
/** Characters of the bar: fewer where the text needs the room. */
const WIDEST_BAR = 24;
const NARROWEST_BAR = 8;
/** Columns of a terminal that does not tell how many it has. */
const COLUMNS = 80;
/** Milliseconds between two drawings on a terminal. */
const SHORTEST_INTERVAL = 50;

/**
 * Reports long work on the standard error stream: a bar that is redrawn on a terminal, ten plain lines elsewhere,
 * nothing when silent.
 */
export class Progress {
  private start: number | null = null;
  private startDone = 0;
  private lastDrawn = 0;
  private linesWritten = 0;
  private drawn = false;

  constructor(
    private readonly label: string,
    private readonly silent = false,
  ) {}

  /**
   * @param done of `total`; may be a fraction within a step
   * @param detail more to say of the state, such as a loss
   */
  update(done: number, total: number, detail = ''): void {
    if (this.silent) return;
    const now = performance.now();
    if (this.start === null) {
      // Time counts from the first report, before which other work may have run.
      this.start = now;
      this.startDone = done;
    }
    const seconds = (now - this.start) / 1000;
    const since = done - this.startDone;
    const left = since > 0 && done < total ? `, ${duration((seconds / since) * (total - done))} left` : '';
    const text = `${this.label} ${Math.floor(done)}/${total}${left}${detail && `, ${detail}`}, after ${duration(seconds)}`;
    if (stderr.isTTY) this.draw(text, done, total, now);
    else if (done >= total || done >= ((this.linesWritten + 1) * total) / LINES_WITHOUT_TERMINAL) {
      this.linesWritten = Math.floor((done / total) * LINES_WITHOUT_TERMINAL);
      stderr.write(`${text}\n`);
    }
  }

  /** Leaves the bar as it is, so that what is printed next stands on a line of its own. */
  end(): void {
    if (this.drawn) stderr.write('\n');
    this.drawn = false;
  }

  private draw(text: string, done: number, total: number, now: number): void {
    if (done < total && now - this.lastDrawn < SHORTEST_INTERVAL) return;
    this.lastDrawn = now;
    // A pseudo-terminal may say that it has 0 columns.
    const room = (stderr.columns || COLUMNS) - 1;
    const width = Math.min(WIDEST_BAR, Math.max(NARROWEST_BAR, room - 1 - text.length));
    const filled = total > 0 ? Math.round((width * done) / total) : width;
    const line = `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${text}`.slice(0, room);
    stderr.write(`\r\x1b[2K${line}`);
    this.drawn = true;
    if (done >= total) this.end();
  }
}

/** Seconds as people say them: 42 s, 3 min 20 s, 2 h 5 min. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
