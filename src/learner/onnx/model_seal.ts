import { createHash } from 'node:crypto';
import { ModelProto } from '../../onnx/onnx_schema.js';

const KEY = 'sha256';

/**
 * An .onnx file that carries the SHA-256 of its own bytes, as the entry `sha256` of its metadata at the very end.
 * (Protobuf messages are joined by putting one behind the other, so nothing before it changes.)
 */
export function sealed(model: Uint8Array): Uint8Array {
  return Buffer.concat([model, sealOf(model)]);
}

/** Whether a file was sealed and is as it was then. */
export function isSealed(bytes: Uint8Array): boolean {
  const end = bytes.length - sealOf(bytes.subarray(0, 0)).length;
  return end >= 0 && Buffer.from(bytes.subarray(end)).equals(sealOf(bytes.subarray(0, end)));
}

function sealOf(model: Uint8Array): Uint8Array {
  const value = createHash('sha256').update(model).digest('hex');
  return ModelProto.encode({ metadataProps: [{ key: KEY, value }] }).finish();
}
