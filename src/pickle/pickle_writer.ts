const OPCODE = {
  proto: 0x80,
  global: 0x63,
  none: 0x4e,
  emptyDictionary: 0x7d,
  emptyTuple: 0x29,
  emptyList: 0x5d,
  appends: 0x65,
  mark: 0x28,
  tuple: 0x74,
  reduce: 0x52,
  binaryUnicode: 0x58,
  binaryInt: 0x4a,
  binaryFloat: 0x47,
  setItem: 0x73,
  binaryPersistentId: 0x51,
  newFalse: 0x89,
  stop: 0x2e,
} as const;

/**
 * Writes a pickle of protocol 2 value by value, each after what it is made of, as the unpickler's stack wants them.
 * It knows what checkpoints and files of labels need and no more.
 */
export class PickleWriter {
  private readonly chunks: Buffer[] = [Buffer.of(OPCODE.proto, 2)];

  /** A class or function, by its module and name. */
  global(module: string, name: string): this {
    return this.push(Buffer.concat([Buffer.of(OPCODE.global), Buffer.from(`${module}\n${name}\n`)]));
  }

  text(value: string): this {
    const bytes = Buffer.from(value);
    const head = Buffer.alloc(5);
    head[0] = OPCODE.binaryUnicode;
    head.writeUInt32LE(bytes.length, 1);
    return this.push(head).push(bytes);
  }

  /** A whole number of 32 bits. */
  integer(value: number): this {
    const bytes = Buffer.alloc(5);
    bytes[0] = OPCODE.binaryInt;
    bytes.writeInt32LE(value, 1);
    return this.push(bytes);
  }

  /** A number of 64 bits. */
  float(value: number): this {
    const bytes = Buffer.alloc(9);
    bytes[0] = OPCODE.binaryFloat;
    bytes.writeDoubleBE(value, 1);
    return this.push(bytes);
  }

  false(): this {
    return this.opcode('newFalse');
  }

  none(): this {
    return this.opcode('none');
  }

  emptyDictionary(): this {
    return this.opcode('emptyDictionary');
  }

  emptyTuple(): this {
    return this.opcode('emptyTuple');
  }

  /** A tuple of what `write` writes. */
  tuple(write: () => void): this {
    this.opcode('mark');
    write();
    return this.opcode('tuple');
  }

  /** A list of what `write` writes. */
  list(write: () => void): this {
    this.opcode('emptyList');
    this.opcode('mark');
    write();
    return this.opcode('appends');
  }

  /** Calls the callable below the tuple on top of the stack with it. */
  reduce(): this {
    return this.opcode('reduce');
  }

  /** Puts the value on top of the stack into the dictionary below it, under the key between them. */
  setItem(): this {
    return this.opcode('setItem');
  }

  /** Turns the tuple on top of the stack into the object that it identifies. */
  persistentId(): this {
    return this.opcode('binaryPersistentId');
  }

  finish(): Buffer {
    this.opcode('stop');
    return Buffer.concat(this.chunks);
  }

  private opcode(name: keyof typeof OPCODE): this {
    return this.push(Buffer.of(OPCODE[name]));
  }

  private push(bytes: Buffer): this {
    this.chunks.push(bytes);
    return this;
  }
}
