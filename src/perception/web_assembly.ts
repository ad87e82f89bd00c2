import { readFileSync } from 'node:fs';

/** A WebAssembly.Memory. */
export interface WasmMemory<Buffer extends ArrayBufferLike = ArrayBuffer> {
  /** Another one after each growth. */
  readonly buffer: Buffer;
  grow(pages: number): void;
}

interface MemorySize {
  readonly initial: number;
  readonly maximum?: number;
  readonly shared?: boolean;
}

/** What is used here of the global WebAssembly, which neither Node's types nor those of ECMAScript have. */
interface WebAssemblyApi {
  readonly Memory: new (size: MemorySize) => WasmMemory<ArrayBufferLike>;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly host: { readonly memory: WasmMemory<ArrayBufferLike> } },
  ) => { readonly exports: object };
}

const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;

/** Bytes of a page of memory. */
export const PAGE_BYTES = 65536;

/** Memory of one page, which can grow. */
export function growingMemory(): WasmMemory {
  return new Memory({ initial: 1 }) as WasmMemory;
}

/** Memory of at least so many bytes, which threads share: it can be posted to them. */
export function sharedMemory(bytes: number): WasmMemory<SharedArrayBuffer> {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  return new Memory({ initial: pages, maximum: pages, shared: true }) as WasmMemory<SharedArrayBuffer>;
}

/** What a WebAssembly file exports, working in a memory. @param file as scripts/assemble.mjs writes it */
export function openWebAssembly<Exports extends object>(file: URL, memory: WasmMemory<ArrayBufferLike>): Exports {
  return new Instance(new Module(readFileSync(file)), { host: { memory } }).exports as Exports;
}
