import { join, resolve } from 'node:path';
import { listPreparedParts, type PreparedPart, removeOtherParts } from '../datasets/prepared_folder.js';
import { originDigest, StepRecord } from '../datasets/step_record.js';
import { type PartTransform, transformPart } from '../datasets/transform_part.js';
import { InvalidInputError } from '../errors.js';
import { removePartialFiles } from '../files.js';
import { type WorkResult, workThrough } from './work_list.js';

/**
 * Makes, of every data file of a folder, one in another folder, of the same name; those that are there as they would be made
 * again are passed over.
 *
 * @param transformOf what is made of a part
 * @param options all that the result follows from, beside the files
 */
export async function transformFolder(
  from: string,
  to: string,
  transformOf: (part: PreparedPart) => PartTransform,
  options: object,
  signal: AbortSignal,
): Promise<WorkResult & { samples: number }> {
  if (resolve(from) === resolve(to)) {
    throw new InvalidInputError('the folder', to, 'another one than that which the samples are in', 'the command line');
  }
  const parts = listPreparedParts(from);
  await removePartialFiles(to);
  const record = await StepRecord.open(to);
  let samples = 0;
  const result = await workThrough(parts, {
    label: 'data files',
    jobs: 1,
    signal,
    nameOf: ({ dataFilename }) => dataFilename,
    work: async (part, _worker, onShare) => {
      const target = targetOf(part);
      const names = [target.dataFilename, target.labelsFilename];
      const inputs = [part.dataFilename, part.labelsFilename].map((name) => join(from, name));
      const origin = await originDigest(options, inputs);
      if (await record.has(names, origin)) return 'skipped';
      const onSample = (done: number, total: number) => onShare(done / total);
      samples += await transformPart(
        { folder: from, part },
        { folder: to, part: target },
        transformOf(part),
        onSample,
        signal,
      );
      await record.note(names, origin);
      return 'done';
    },
  });
  await removeOtherParts(to, parts.map(targetOf));
  return { ...result, samples };
}

/** Labels are written as pickles, whatever they were read from. */
function targetOf(part: PreparedPart): PreparedPart {
  return { ...part, labelsFilename: part.labelsFilename.replace(/\.json$/i, '.pkl') };
}
