import { toObject } from 'flatbuffers/js/flexbuffers.js';
import type { z } from 'zod';
import { errorMessage } from '../../errors.js';
import { parseOptions } from '../../options.js';
import type { Conversion } from '../conversion.js';
import type { TfliteOperator } from '../tflite_model.js';

const MOST_BYTES = 4096;

/** The options of a custom operation, a FlexBuffer that holds a map, checked by a schema. */
export function customOptions<Schema extends z.ZodType>(
  conversion: Conversion,
  operator: TfliteOperator,
  schema: Schema,
): z.output<Schema> {
  const bytes = operator.customOptions;
  if (bytes.length > MOST_BYTES) {
    conversion.refuse(operator, 'the size of the options', bytes.length, `up to ${MOST_BYTES} bytes`);
  }
  let options: unknown;
  try {
    options = toObject(new Uint8Array(bytes).buffer);
  } catch (error) {
    conversion.refuse(operator, 'the options', `unreadable (${errorMessage(error)})`, 'a FlexBuffer');
  }
  const place = `${operator.name} at position ${operator.position} of ${conversion.model.origin}`;
  return parseOptions(schema, zerosRestored(options), place);
}

/** MediaPipe's custom operations are known in their second version. */
export function checkVersion2(conversion: Conversion, operator: TfliteOperator): void {
  if (operator.version !== 2) conversion.refuse(operator, 'the version', operator.version, '2');
}

/** The library gives null in place of a float that is 0. */
function zerosRestored(options: unknown): unknown {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return options;
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, value === null ? 0 : value]));
}
