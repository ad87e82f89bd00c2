import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';

/** Something about data that looks wrong. */
export interface Finding {
  /** What is wrong, in a word that does not change: nan, outside_image, flat, ... */
  readonly kind: string;
  /** What it is about: a file, a sample, a subject. */
  readonly of: string;
  readonly what: string;
}

/** Findings that say the same. */
export interface FindingGroup {
  readonly kind: string;
  readonly what: string;
  /** What they are about, in the order of the findings. */
  readonly of: readonly string[];
}

/** Findings of the same kind that say the same of several things, as one; in the order of their first. */
export function groupFindings(findings: readonly Finding[]): FindingGroup[] {
  const groups = new Map<string, { kind: string; what: string; of: string[] }>();
  for (const { kind, what, of } of findings) {
    const key = `${kind}: ${what}`;
    const group = groups.get(key) ?? { kind, what, of: [] };
    group.of.push(of);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** How often each class occurs. */
export function countClasses(categories: Iterable<string>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const category of categories) counts.set(category, (counts.get(category) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Landmarks of an image may lie outside of it by this share of its width or height: faces are cut by the edges. */
const OUTSIDE_SHARE = 0.25;

/**
 * What looks wrong with a frame's landmarks.
 *
 * @param landmarks (68, 2); @param size of the image in the same pixels, where it is known
 */
export function inspectFace(
  landmarks: Float32Array,
  of: string,
  size: { readonly width: number; readonly height: number } | null,
): Finding[] {
  if (!landmarks.every(Number.isFinite)) return [{ kind: 'nan', of, what: 'a landmark is not a number' }];
  const findings: Finding[] = [];
  if (size !== null) {
    let outside = 0;
    for (let point = 0; point < LANDMARKS; point++) {
      const [x, y] = [landmarks[2 * point]! / size.width, landmarks[2 * point + 1]! / size.height];
      if (Math.min(x, y) < 0 || Math.max(x, y) > 1) outside++;
    }
    if (outside > OUTSIDE_SHARE * LANDMARKS) {
      findings.push({ kind: 'outside_image', of, what: `${outside} of ${LANDMARKS} landmarks are outside the image` });
    }
  }
  if (landmarks.every((value, at) => value === landmarks[at % 2])) {
    findings.push({ kind: 'flat', of, what: 'all landmarks are in one place' });
  }
  return findings;
}

/** What looks wrong with a sample. @param data (C, T, V, M), flat */
export function inspectSample(data: Float32Array, of: string): Finding[] {
  if (!data.every(Number.isFinite)) return [{ kind: 'nan', of, what: 'a value is not a number' }];
  if (data.every((value) => value === data[0])) return [{ kind: 'flat', of, what: 'all values are the same' }];
  return [];
}

/** Labels of the samples of a data file. */
export interface LabelledPart {
  /** Its name. */
  readonly name: string;
  readonly split: 'train' | 'val';
  readonly fold: number | null;
  readonly labels: Int32Array;
  /** SUBJECT/CLASS/..., where samples have names that tell their subject; else null. */
  readonly names: readonly string[] | null;
}

/**
 * What looks wrong between the data files of a folder: a class that a file has no sample of, a label without a class, a subject
 * (or the same sample) on both sides of a fold.
 *
 * @param classes null where their names are not known
 */
export function inspectParts(parts: readonly LabelledPart[], classes: readonly string[] | null): Finding[] {
  const anywhere = new Set(parts.flatMap(({ labels }) => [...labels]));
  const known = classes ?? [...anywhere].sort((a, b) => a - b).map(String);
  const findings: Finding[] = [];
  classes?.forEach((category, label) => {
    if (!anywhere.has(label))
      findings.push({ kind: 'class_missing', of: 'all files', what: `no sample of ${category}` });
  });
  for (const { name, labels } of parts) {
    const present = new Set(labels);
    known.forEach((category, label) => {
      const index = classes === null ? Number(category) : label;
      if (anywhere.has(index) && !present.has(index))
        findings.push({ kind: 'class_missing', of: name, what: `no sample of ${category}` });
    });
    for (const label of classes === null ? [] : present) {
      if (label >= known.length)
        findings.push({ kind: 'unknown_label', of: name, what: `label ${label} has no class` });
    }
  }
  for (const fold of new Set(parts.map((part) => part.fold))) {
    const [train, val] = (['train', 'val'] as const).map((split) =>
      parts.find((part) => part.split === split && part.fold === fold),
    );
    if (train?.names && val?.names)
      findings.push(...sharedBetween(train.names, val.names, `${train.name} and ${val.name}`));
  }
  findings.push(...sharedBetweenFolds(parts));
  return findings;
}

/** SUBJECT of SUBJECT/CLASS/SEQUENCE; null of other names, as those of clips are. */
export function subjectOf(name: string, folds: boolean): string | null {
  return folds && name.includes('/') ? name.split('/')[0]! : null;
}

function sharedBetween(train: readonly string[], val: readonly string[], of: string): Finding[] {
  const trained = new Set(train);
  const both = val.filter((name) => trained.has(name));
  if (both.length === 0) return [];
  return [{ kind: 'sample_in_both', of, what: `${both.length} samples are in both, such as ${both[0]}` }];
}

/** A subject may be in the validation data of one fold only, and not in its training data. */
function sharedBetweenFolds(parts: readonly LabelledPart[]): Finding[] {
  const findings: Finding[] = [];
  const foldOf = new Map<string, number>();
  const subjectsOf = ({ names, fold }: LabelledPart) =>
    new Set((names ?? []).flatMap((name) => subjectOf(name, fold !== null) ?? []));
  for (const part of parts.filter(({ split, fold }) => split === 'val' && fold !== null)) {
    const train = parts.find(({ split, fold }) => split === 'train' && fold === part.fold);
    const trained = train === undefined ? new Set<string>() : subjectsOf(train);
    for (const subject of subjectsOf(part)) {
      const before = foldOf.get(subject);
      if (before !== undefined && before !== part.fold) {
        findings.push({ kind: 'subject_in_two_folds', of: subject, what: `is in folds ${before} and ${part.fold}` });
      }
      foldOf.set(subject, part.fold!);
      if (trained.has(subject)) {
        const what = `is trained on and validated on in fold ${part.fold}`;
        findings.push({ kind: 'subject_in_both', of: subject, what });
      }
    }
  }
  return findings;
}
