import { dirname, join } from 'node:path';
import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import { parseJson } from '../../json.js';
import { readNetworkFile } from '../network_file.js';

/** A tensor of float32 values. */
export interface WeightTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

const manifestSchema = z
  .array(
    z.object({
      paths: z.array(z.string().min(1)).min(1),
      weights: z.array(
        z.object({
          name: z.string().min(1),
          shape: z.array(z.int().min(1)),
          dtype: z.literal('float32'),
          quantization: z.object({ dtype: z.literal('uint8'), scale: z.number(), min: z.number() }).optional(),
        }),
      ),
    }),
  )
  .min(1);

/**
 * Reads weights as TensorFlow.js writes them: a manifest (JSON) and the binary files that it names, which lie beside it.
 *
 * @returns by name; of bytes each value is byte * scale + min
 * @throws InvalidInputError naming the file that is missing, not as the manifest says, or holds another type of numbers
 */
export function readTfjsWeights(manifest: string): ReadonlyMap<string, WeightTensor> {
  const thing = 'the list of weights';
  const json = parseJson(readBytes(manifest).toString('utf8'), thing, manifest);
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    throw new InvalidInputError(thing, z.prettifyError(parsed.error), 'float32, as such or in bytes', manifest);
  }
  const tensors = new Map<string, WeightTensor>();
  for (const { paths, weights } of parsed.data) {
    const files = paths.map((path) => join(dirname(manifest), path));
    const bytes = Buffer.concat(files.map(readBytes));
    let at = 0;
    for (const { name, shape, quantization } of weights) {
      const count = shape.reduce((product, length) => product * length, 1);
      const end = at + count * (quantization === undefined ? 4 : 1);
      if (end > bytes.length) {
        const expected = `at least ${end} bytes, as ${name} ends there`;
        throw new InvalidInputError('the size', bytes.length, expected, files.join(' and '));
      }
      const part = bytes.subarray(at, end);
      const values =
        quantization === undefined
          ? Float32Array.from({ length: count }, (_, index) => part.readFloatLE(4 * index))
          : Float32Array.from(part, (byte) => byte * quantization.scale + quantization.min);
      tensors.set(name, { shape, values });
      at = end;
    }
    if (at !== bytes.length) {
      throw new InvalidInputError('the size', bytes.length, `${at} bytes, as its list says`, files.join(' and '));
    }
  }
  return tensors;
}

function readBytes(path: string): Buffer {
  return readNetworkFile('a file of weights', path);
}
