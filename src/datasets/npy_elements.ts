/** Element types of NumPy that are read, by the size of an element in bytes. */
export const ELEMENT_BYTES = { f4: 4, f8: 8, i4: 4, i8: 8, u1: 1 } as const;

export type ElementType = keyof typeof ELEMENT_BYTES;

export function isElementType(name: string): name is ElementType {
  return Object.hasOwn(ELEMENT_BYTES, name);
}

/** Views of bytes in the byte order of this machine. */
const VIEWS: Record<ElementType, (bytes: Uint8Array, count: number) => ArrayLike<number | bigint>> = {
  f4: ({ buffer, byteOffset }, count) => new Float32Array(buffer, byteOffset, count),
  f8: ({ buffer, byteOffset }, count) => new Float64Array(buffer, byteOffset, count),
  i4: ({ buffer, byteOffset }, count) => new Int32Array(buffer, byteOffset, count),
  i8: ({ buffer, byteOffset }, count) => new BigInt64Array(buffer, byteOffset, count),
  u1: (bytes, count) => bytes.subarray(0, count),
};

export const HOST_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Converts elements to float32, rounding to nearest.
 *
 * @param bytes whole elements; they may be reordered in place, and are copied where they are not aligned
 * @param target receives them, from its start
 */
export function decodeElements(
  bytes: Uint8Array,
  type: ElementType,
  littleEndian: boolean,
  target: Float32Array,
): void {
  const size = ELEMENT_BYTES[type];
  const count = bytes.length / size;
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  if (littleEndian !== HOST_IS_LITTLE_ENDIAN) {
    const swappable = Buffer.from(aligned.buffer, aligned.byteOffset, aligned.byteLength);
    if (size === 4) swappable.swap32();
    if (size === 8) swappable.swap64();
  }
  const view = VIEWS[type](aligned, count);
  if (type === 'i8') for (let i = 0; i < count; i++) target[i] = Number(view[i]);
  else target.set(view as ArrayLike<number>);
}
