import type { FileHandle } from 'node:fs/promises';

/** Characters that are gathered before they are written. */
const BUFFERED = 1 << 16;

/** Lines that are added to a file, those since a mark taken back at will. */
export class RowFile {
  readonly #file: FileHandle;
  #text = '';
  #written = 0;
  #marked = 0;

  /** @param file empty; not closed by this */
  constructor(file: FileHandle) {
    this.#file = file;
  }

  async add(line: string): Promise<void> {
    this.#text += `${line}\n`;
    if (this.#text.length >= BUFFERED) await this.flush();
  }

  /** Writes what was added. */
  async flush(): Promise<void> {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, at, bytes.length - at, this.#written);
      at += bytesWritten;
      this.#written += bytesWritten;
    }
  }

  /** Keeps all that was added so far. */
  async mark(): Promise<void> {
    await this.flush();
    this.#marked = this.#written;
  }

  /** Takes back what was added since the mark. */
  async takeBack(): Promise<void> {
    this.#text = '';
    await this.#file.truncate(this.#marked);
    this.#written = this.#marked;
  }
}
