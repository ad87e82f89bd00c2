import { ByteBuffer } from 'flatbuffers';
import { InvalidInputError } from '../errors.js';

/** The most entries that a vector of tables or of whole numbers may have here; bytes may be more. */
const MOST_ENTRIES = 65_536;

/**
 * A table of a FlatBuffers file. Fields are told by their number in the schema; one that the file leaves out has the
 * schema's default. Everything read is first found to lie within the file.
 */
export class FlatTable {
  readonly #vtable: number;
  readonly #vtableSize: number;
  readonly #size: number;

  private constructor(
    private readonly buffer: ByteBuffer,
    private readonly position: number,
    /** The file, for errors. */
    readonly origin: string,
  ) {
    this.#inFile(position, 4, 'a table');
    this.#vtable = position - buffer.readInt32(position);
    this.#inFile(this.#vtable, 4, 'the layout of a table');
    this.#vtableSize = buffer.readUint16(this.#vtable);
    this.#inFile(this.#vtable, Math.max(4, this.#vtableSize), 'the layout of a table');
    this.#size = buffer.readUint16(this.#vtable + 2);
    this.#inFile(position, Math.max(4, this.#size), 'a table');
  }

  /**
   * The outermost table of a file.
   *
   * @param identifier four characters that the file has to bear
   * @param origin the file, for errors
   * @throws InvalidInputError naming the file, here and from every reading method, where the file is damaged
   */
  static root(bytes: Uint8Array, identifier: string, origin: string): FlatTable {
    const found = String.fromCharCode(...bytes.subarray(4, 8));
    if (found !== identifier) {
      throw new InvalidInputError("the file's identifier (bytes 4 to 7)", found, JSON.stringify(identifier), origin);
    }
    // A Buffer's slice does not copy, unlike that of the Uint8Arrays handed out here.
    const buffer = new ByteBuffer(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return new FlatTable(buffer, buffer.readUint32(0), origin);
  }

  int8(field: number, otherwise = 0): number {
    const at = this.#field(field, 1);
    return at === 0 ? otherwise : this.buffer.readInt8(at);
  }

  int32(field: number, otherwise = 0): number {
    const at = this.#field(field, 4);
    return at === 0 ? otherwise : this.buffer.readInt32(at);
  }

  uint32(field: number, otherwise = 0): number {
    const at = this.#field(field, 4);
    return at === 0 ? otherwise : this.buffer.readUint32(at);
  }

  /** A table within this one; null where left out. */
  table(field: number): FlatTable | null {
    const at = this.#field(field, 4);
    return at === 0 ? null : this.#tableAt(at);
  }

  /** A vector of tables; empty where left out. */
  tables(field: number): FlatTable[] {
    const { start, count } = this.#vector(field, 4, MOST_ENTRIES);
    return Array.from({ length: count }, (_, i) => this.#tableAt(start + 4 * i));
  }

  /** A vector of int32; empty where left out. */
  ints(field: number): number[] {
    const { start, count } = this.#vector(field, 4, MOST_ENTRIES);
    return Array.from({ length: count }, (_, i) => this.buffer.readInt32(start + 4 * i));
  }

  /** A vector of bytes, not copied; empty where left out. */
  bytes(field: number): Uint8Array {
    const { start, count } = this.#vector(field, 1, this.buffer.capacity());
    return this.buffer.bytes().subarray(start, start + count);
  }

  /** A string; empty where left out. */
  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  #tableAt(at: number): FlatTable {
    return new FlatTable(this.buffer, at + this.buffer.readUint32(at), this.origin);
  }

  /** Where a field's value of `size` bytes lies; 0 where the field is left out. */
  #field(field: number, size: number): number {
    const entry = 4 + 2 * field;
    if (entry + 2 > this.#vtableSize) return 0;
    const offset = this.buffer.readUint16(this.#vtable + entry);
    if (offset === 0) return 0;
    if (offset < 4 || offset + size > this.#size) this.#damaged(`field ${field} of a table`, offset);
    return this.position + offset;
  }

  #vector(field: number, elementSize: number, mostEntries: number): { start: number; count: number } {
    const at = this.#field(field, 4);
    if (at === 0) return { start: 0, count: 0 };
    const vector = at + this.buffer.readUint32(at);
    this.#inFile(vector, 4, 'a vector');
    const count = this.buffer.readUint32(vector);
    if (count > mostEntries) this.#damaged("a vector's length", count);
    this.#inFile(vector + 4, count * elementSize, 'a vector');
    return { start: vector + 4, count };
  }

  #inFile(start: number, size: number, what: string): void {
    if (start < 0 || start + size > this.buffer.capacity()) this.#damaged(`the place of ${what}`, start);
  }

  #damaged(thing: string, value: number): never {
    throw new InvalidInputError(thing, value, `one within the file's ${this.buffer.capacity()} bytes`, this.origin);
  }
}
