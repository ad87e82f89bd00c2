/** Bytes before the first value: little endian CDR, no options. */
const HEADER = Uint8Array.of(0, 1, 0, 0);

/**
 * Writes values as CDR (OMG's Common Data Representation, version 1, little endian), which ROS 2 sends: each number is aligned to its
 * own size, counted from behind the header.
 */
export class CdrWriter {
  #buffer = Buffer.alloc(1024);
  #view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset, this.#buffer.length);
  #length = 0;

  /** Begins a message: what was written before is gone. */
  begin(): void {
    this.#length = 0;
    this.#reserve(1, HEADER.length);
    this.#buffer.set(HEADER);
    this.#length = HEADER.length;
  }

  /** What is written since `begin`; it holds until the next. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  uint8(value: number): void {
    const at = this.#place(1);
    this.#view.setUint8(at, value);
  }

  int8(value: number): void {
    const at = this.#place(1);
    this.#view.setInt8(at, value);
  }

  uint16(value: number): void {
    const at = this.#place(2);
    this.#view.setUint16(at, value, true);
  }

  int16(value: number): void {
    const at = this.#place(2);
    this.#view.setInt16(at, value, true);
  }

  uint32(value: number): void {
    const at = this.#place(4);
    this.#view.setUint32(at, value, true);
  }

  int32(value: number): void {
    const at = this.#place(4);
    this.#view.setInt32(at, value, true);
  }

  uint64(value: number | bigint): void {
    const at = this.#place(8);
    this.#view.setBigUint64(at, BigInt(value), true);
  }

  int64(value: number | bigint): void {
    const at = this.#place(8);
    this.#view.setBigInt64(at, BigInt(value), true);
  }

  float32(value: number): void {
    const at = this.#place(4);
    this.#view.setFloat32(at, value, true);
  }

  float64(value: number): void {
    const at = this.#place(8);
    this.#view.setFloat64(at, value, true);
  }

  /** UTF-8 with its length before it and a zero behind. */
  string(value: string): void {
    const length = Buffer.byteLength(value);
    this.uint32(length + 1);
    this.#reserve(1, length + 1);
    this.#buffer.write(value, this.#length);
    this.#length += length;
    this.uint8(0);
  }

  /** Bytes as they are, without a length. */
  raw(bytes: Uint8Array): void {
    this.#reserve(1, bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Where a number of so many bytes goes; the view may be another after that. */
  #place(size: number): number {
    this.#reserve(size, size);
    const at = this.#length;
    this.#length += size;
    return at;
  }

  /** Fills up to a multiple of `alignment` with zeros, and makes room for `size` bytes behind it. */
  #reserve(alignment: number, size: number): void {
    const padding = (HEADER.length - this.#length) & (alignment - 1);
    const end = this.#length + padding + size;
    if (end > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(end, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
      this.#view = new DataView(larger.buffer, larger.byteOffset, larger.length);
    }
    this.#buffer.fill(0, this.#length, this.#length + padding);
    this.#length += padding;
  }
}
