import { errorMessage, InvalidInputError } from '../errors.js';
import { PickleBytes, rawUnicode, unquoted } from './pickle_bytes.js';
import { OPCODE_NAMES, type Opcode } from './pickle_opcodes.js';

/** A class or function that a pickle names and this package knows. */
export class KnownGlobal {
  /** @param call what calling it with data gives, itself only data */
  constructor(readonly call: (args: readonly unknown[]) => unknown) {}
}

/** An object that a pickle makes first and gives its state afterwards. */
export abstract class PickledObject {
  abstract setState(state: unknown): void;
}

/** What a pickle may name. */
export interface PickleNames {
  /** The class or function MODULE.NAME; null refuses it. */
  global(module: string, name: string): KnownGlobal | null;
  /** The object of a persistent id; left out, a pickle may have none. */
  persistent?(id: unknown): unknown;
  /** The str of Python 2 as a string; left out, it is bytes. */
  readonly oldStringsAreText?: boolean;
}

const NEWEST_PROTOCOL = 5;

/**
 * The object in a pickle of protocols 0 to 5, parsed and never run.
 *
 * None is null; lists and tuples are arrays, dictionaries are maps, bytes are a Uint8Array over the pickle; whole numbers
 * are numbers, or bigints where those would round. What a pickle names has to be known to `names`. An object may hold
 * itself, or the same part many times: do not walk it without a bound. Time and memory are in proportion to the bytes.
 *
 * @throws InvalidInputError naming `origin`, the file: damaged, of a newer protocol, an opcode that is unknown or not
 *   needed for data, or a class or function that `names` does not know
 */
export function readPickle(bytes: Uint8Array, names: PickleNames, origin: string): unknown {
  try {
    return new PickleReader(bytes, names, origin).read();
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    // Such as a list of more items than JavaScript's arrays have.
    throw new InvalidInputError('the pickle', errorMessage(error), 'an undamaged pickle', origin, { cause: error });
  }
}

class PickleReader {
  private readonly input: PickleBytes;
  private readonly stack: unknown[] = [];
  /** Lengths of the stack at its marks. */
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, unknown>();
  private readonly operations: Record<Exclude<Opcode, 'STOP'>, () => void>;

  constructor(
    bytes: Uint8Array,
    private readonly names: PickleNames,
    origin: string,
  ) {
    const input = new PickleBytes(bytes, origin);
    this.input = input;
    const push = (value: unknown) => void this.stack.push(value);
    const tuple = (count: number) => push(this.popMany(count));
    const old = (value: Uint8Array) => push(names.oldStringsAreText ? input.text(value) : value);
    this.operations = {
      PROTO: () => {
        const version = input.byte();
        if (version > NEWEST_PROTOCOL) throw input.refusal('the protocol', version, `at most ${NEWEST_PROTOCOL}`);
      },
      // The bytes of a frame follow anyway; reading them finds out whether they are there.
      FRAME: () => void input.unsigned(8),
      MARK: () => void this.marks.push(this.stack.length),
      POP: () => {
        // In protocol 0 it may take away a mark.
        if (this.marks.at(-1) === this.stack.length) this.marks.pop();
        else this.pop();
      },
      POP_MARK: () => void this.popToMark(),
      DUP: () => push(this.top()),
      PUT: () => this.remember(input.decimal()),
      BINPUT: () => this.remember(input.byte()),
      LONG_BINPUT: () => this.remember(input.unsigned(4)),
      MEMOIZE: () => this.remember(this.memo.size),
      GET: () => push(this.recall(input.decimal())),
      BINGET: () => push(this.recall(input.byte())),
      LONG_BINGET: () => push(this.recall(input.unsigned(4))),
      NONE: () => push(null),
      NEWTRUE: () => push(true),
      NEWFALSE: () => push(false),
      INT: () => push(this.integerOrTruth()),
      LONG: () => push(input.decimal()),
      BININT: () => push(input.int32()),
      BININT1: () => push(input.byte()),
      BININT2: () => push(input.unsigned(2)),
      LONG1: () => push(input.integer(input.byte())),
      LONG4: () => push(input.integer(input.unsigned(4))),
      FLOAT: () => push(input.float()),
      BINFLOAT: () => push(input.float64()),
      STRING: () => old(unquoted(input.line()) ?? this.refuse('a string', 'without quotes', 'a quoted one')),
      BINSTRING: () => old(input.take(input.unsigned(4))),
      SHORT_BINSTRING: () => old(input.take(input.byte())),
      UNICODE: () => push(rawUnicode(input.line()) ?? this.refuse('a text', 'a wrong escape', 'code points')),
      BINUNICODE: () => push(input.text(input.take(input.unsigned(4)))),
      SHORT_BINUNICODE: () => push(input.text(input.take(input.byte()))),
      BINUNICODE8: () => push(input.text(input.take(input.unsigned(8)))),
      BINBYTES: () => push(input.take(input.unsigned(4))),
      SHORT_BINBYTES: () => push(input.take(input.byte())),
      BINBYTES8: () => push(input.take(input.unsigned(8))),
      BYTEARRAY8: () => push(input.take(input.unsigned(8))),
      EMPTY_TUPLE: () => push([]),
      TUPLE: () => push(this.popToMark()),
      TUPLE1: () => tuple(1),
      TUPLE2: () => tuple(2),
      TUPLE3: () => tuple(3),
      EMPTY_LIST: () => push([]),
      LIST: () => push(this.popToMark()),
      APPEND: () => {
        const item = this.pop();
        this.topList().push(item);
      },
      APPENDS: () => {
        const items = this.popToMark();
        const list = this.topList();
        for (const item of items) list.push(item);
      },
      EMPTY_DICT: () => push(new Map()),
      DICT: () => {
        const items = this.popToMark();
        push(new Map());
        this.setItems(items);
      },
      SETITEM: () => this.setItems(this.popMany(2)),
      SETITEMS: () => this.setItems(this.popToMark()),
      GLOBAL: () => push(this.global(input.text(input.line()), input.text(input.line()))),
      STACK_GLOBAL: () => {
        const [module, name] = this.popMany(2);
        push(this.global(module, name));
      },
      REDUCE: () => this.call(),
      NEWOBJ: () => this.call(),
      BUILD: () => {
        const state = this.pop();
        const object = this.top();
        // A dictionary's own attributes, such as the _metadata of a state_dict, are none of its entries.
        if (object instanceof Map) return;
        if (!(object instanceof PickledObject)) this.refuse('what is built', kindOf(object), 'an object with a state');
        else object.setState(state);
      },
      PERSID: () => push(this.persistent(input.text(input.line()))),
      BINPERSID: () => push(this.persistent(this.pop())),
    };
  }

  read(): unknown {
    for (;;) {
      const code = this.input.byte();
      const name = OPCODE_NAMES.get(code);
      if (name === 'STOP') return this.pop();
      if (name === undefined) {
        const shown = `0x${code.toString(16).padStart(2, '0')}`;
        throw this.input.refusal('an opcode of the pickle', shown, 'one of those that make up plain data');
      }
      this.operations[name]();
    }
  }

  private pop(): unknown {
    return this.popMany(1)[0];
  }

  /** The topmost values, the lowest first; none below the last mark. */
  private popMany(count: number): unknown[] {
    const start = this.stack.length - count;
    if (start < (this.marks.at(-1) ?? 0)) this.refuse('the stack of the pickle', 'empty', 'values for the next opcode');
    return this.stack.splice(start);
  }

  private popToMark(): unknown[] {
    const mark = this.marks.pop();
    if (mark === undefined)
      return this.refuse('the stack of the pickle', 'without a mark', 'a mark before the next opcode');
    return this.stack.splice(mark);
  }

  private top(): unknown {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) this.refuse('the stack of the pickle', 'empty', 'a value');
    return this.stack.at(-1);
  }

  private topList(): unknown[] {
    const list = this.top();
    return Array.isArray(list) ? list : this.refuse('what is appended to', kindOf(list), 'a list');
  }

  private setItems(items: readonly unknown[]): void {
    const map = this.top();
    if (!(map instanceof Map) || items.length % 2 !== 0) {
      this.refuse('what is put entries into', kindOf(map), 'a dictionary, and a value for each key');
    } else for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1]);
  }

  private remember(index: number | bigint): void {
    if (typeof index !== 'number' || index < 0) this.refuse('a place in the memo', String(index), '0 or more');
    else this.memo.set(index, this.top());
  }

  private recall(index: number | bigint): unknown {
    if (typeof index === 'number' && this.memo.has(index)) return this.memo.get(index);
    return this.refuse('a place in the memo', String(index), 'one that was filled before');
  }

  /** Protocols 0 and 1 write True and False as the numbers 01 and 00. */
  private integerOrTruth(): number | bigint | boolean {
    const line = this.input.line();
    const text = Buffer.from(line.subarray(0, 3)).toString('latin1');
    if (text === '01' || text === '00') return text === '01';
    return this.input.decimal(line);
  }

  private global(module: unknown, name: unknown): KnownGlobal {
    const known = typeof module === 'string' && typeof name === 'string' ? this.names.global(module, name) : null;
    if (known === null) {
      const fullName = typeof module === 'string' && typeof name === 'string' ? `${module}.${name}` : kindOf(name);
      return this.refuse('a name in the pickle', fullName, 'only classes of plain data');
    }
    return known;
  }

  private call(): void {
    const [global, args] = this.popMany(2);
    if (!(global instanceof KnownGlobal) || !Array.isArray(args)) {
      this.refuse('what is called', kindOf(global), 'a class or function, with a tuple of arguments');
    } else this.stack.push(global.call(args));
  }

  private persistent(id: unknown): unknown {
    if (this.names.persistent === undefined) this.refuse('a persistent id', kindOf(id), 'none');
    return this.names.persistent?.(id);
  }

  private refuse(thing: string, value: unknown, expected: string): never {
    throw this.input.refusal(thing, value, expected);
  }
}

/** What a parsed value is, for messages: never the value itself, which may hold itself or be huge when written out. */
export function kindOf(value: unknown): string | number | bigint | boolean {
  if (value === null) return 'None';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Map) return `a dictionary of ${value.size}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value === 'string') return value.slice(0, 100);
  if (value instanceof KnownGlobal) return 'a class or function';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return value;
  return 'an object';
}
