import { join } from 'node:path';
import type { SampleSource } from '../learner/samples.js';
import type { DrawableSequence, Inspection } from './inspect_landmarks.js';
import { countClasses, type Finding, inspectParts, inspectSample, type LabelledPart, subjectOf } from './inspection.js';
import { listPreparedParts, readPreparedDescription } from './prepared_folder.js';
import { openSampleSource } from './sample_source.js';

/** What is in one data file. */
export interface InspectedPart {
  readonly file: string;
  readonly shape: readonly number[];
  /** By class, or by label where classes have no names. */
  readonly classes: Record<string, number>;
}

/**
 * Looks at a folder of samples with their labels, as `prepare folds`, `afew`, `augment` and `muscles` write them.
 *
 * @param drawn samples of each file that are given back to be drawn, evenly chosen
 * @throws InvalidInputError naming the file that cannot be read; the signal's reason
 */
export async function inspectSampleFolder(
  folder: string,
  drawn: number,
  signal: AbortSignal,
): Promise<{ inspection: Inspection & { parts: InspectedPart[] }; sequences: DrawableSequence[] }> {
  const description = await readPreparedDescription(folder);
  const classes = description?.classes ?? null;
  const findings: Finding[] = [];
  const labelled: LabelledPart[] = [];
  const parts: InspectedPart[] = [];
  const sequences: DrawableSequence[] = [];
  const subjects = new Set<string>();
  let frames = 0;
  for (const { split, fold, dataFilename, labelsFilename } of listPreparedParts(folder)) {
    const source = await openSampleSource(join(folder, dataFilename), join(folder, labelsFilename));
    try {
      const { dims, labels, count, names } = source;
      const categories = Array.from(labels, (label) => classes?.[label] ?? String(label));
      parts.push({ file: dataFilename, shape: [count, ...dims], classes: countClasses(categories) });
      labelled.push({ name: dataFilename, split, fold, labels, names: names ?? null });
      for (const name of names ?? []) {
        const subject = subjectOf(name, fold !== null);
        if (subject !== null) subjects.add(subject);
      }
      frames += count * dims[1];
      const all = {
        name: dataFilename,
        findings,
        drawn,
        drawable: description?.muscles === undefined,
        categories,
        signal,
      };
      sequences.push(...(await inspectAll(source, all)));
    } finally {
      await source.close();
    }
  }
  const inspection = {
    kind: description?.muscles === undefined ? 'samples' : 'muscles',
    shapes: Object.fromEntries(parts.map(({ file, shape }) => [file, shape])),
    classes: sumOf(parts.map((part) => part.classes)),
    subjects: subjects.size,
    sequences: parts.reduce((sum, { shape }) => sum + shape[0]!, 0),
    frames,
    extractor: description?.extractor ?? null,
    findings: [...findings, ...inspectParts(labelled, classes)],
    parts,
  };
  return { inspection, sequences };
}

async function inspectAll(
  source: SampleSource,
  all: {
    readonly name: string;
    readonly findings: Finding[];
    readonly drawn: number;
    readonly drawable: boolean;
    readonly categories: readonly string[];
    readonly signal: AbortSignal;
  },
): Promise<DrawableSequence[]> {
  const [channels, frames, vertices, faces] = source.dims;
  const data = new Float32Array(channels * frames * vertices * faces);
  const sequences: DrawableSequence[] = [];
  for (let index = 0; index < source.count; index++) {
    all.signal.throwIfAborted();
    await source.gather([index], data);
    const title = source.names?.[index] ?? String(index);
    all.findings.push(...inspectSample(data, `${all.name}: ${title}`));
    const isDrawn =
      Math.floor((index * all.drawn) / source.count) !== Math.floor(((index - 1) * all.drawn) / source.count);
    if (!isDrawn || !all.drawable || channels !== 2 || faces !== 1) continue;
    const sequence = Array.from({ length: frames }, (_, frame) =>
      Float32Array.from(
        { length: 2 * vertices },
        (_value, at) => data[((at % 2) * frames + frame) * vertices + (at >> 1)]!,
      ),
    );
    sequences.push({ title: `${all.categories[index]!} ${title}`, frames: sequence });
  }
  return sequences;
}

function sumOf(counts: readonly Record<string, number>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [category, count] of counts.flatMap((of) => Object.entries(of)))
    sum[category] = (sum[category] ?? 0) + count;
  return sum;
}
