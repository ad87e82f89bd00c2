import { join } from 'node:path';
import { listPreparedParts, type PreparedPart } from '../datasets/prepared_folder.js';
import { originDigest, StepRecord } from '../datasets/step_record.js';
import { type PartTransform, transformPart } from '../datasets/transform_part.js';
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
      const names = [part.dataFilename, part.labelsFilename.replace(/\.json$/i, '.pkl')];
      const inputs = [part.dataFilename, part.labelsFilename].map((name) => join(from, name));
      const origin = await originDigest(options, inputs);
      if (await record.has(names, origin)) return 'skipped';
      const target = { folder: to, part: { dataFilename: names[0]!, labelsFilename: names[1]! } };
      const onSample = (done: number, total: number) => onShare(done / total);
      samples += await transformPart({ folder: from, part }, target, transformOf(part), onSample, signal);
      await record.note(names, origin);
      return 'done';
    },
  });
  return { ...result, samples };
}
