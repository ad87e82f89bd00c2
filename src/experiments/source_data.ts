import type { Hash } from 'node:crypto';
import { classesOf, NEUTRAL } from '../datasets/expression_windows.js';
import { chosenMuscles } from '../datasets/face_muscles.js';
import type { Recording } from '../datasets/landmark_sources.js';
import { extractorsOf, neutralFaces } from '../datasets/neutral_faces.js';
import { type RecordingWindow, recordingWindows, type WindowView } from '../datasets/recording_windows.js';
import { SampledWindows } from '../datasets/sampled_windows.js';
import { viewSamples } from '../datasets/view_samples.js';
import { InvalidInputError } from '../errors.js';
import type { WindowDescription } from '../learner/model_holder.js';
import { nearestExtractor, referenceExtractors } from '../perception/window/reference_faces.js';
import { pointCount } from '../perception/window/window_features.js';
import type { HeldOutGroup } from './held_out_groups.js';
import type { ExampleWindow, HeldOutSamples, LandmarkData, LandmarkTraining } from './landmark_data.js';
import type { LandmarkRecipe } from './recipe.js';

/** A window of one recording as one extractor sees it, compared with one reference face. */
interface HeldOutWindow extends WindowView {
  readonly name: string;
  readonly category: string;
  readonly group: HeldOutGroup;
}

/** Stills of a class that are answered at most: the frequent classes would take most of the time, and of the report. */
const HELD_OUT_STILLS_OF_CLASS = 250;

/** The recordings of several sources, each an item. */
export class SourceData implements LandmarkData {
  readonly subjects: readonly string[];
  readonly categories: readonly string[];
  readonly hasStills: boolean;

  /** @param answered names of the recordings that are answered where they are held out; left out, they are chosen */
  constructor(
    private readonly recordings: readonly Recording[],
    private readonly answered: ReadonlySet<string> = answeredNames(recordings),
  ) {
    this.subjects = recordings.map(({ subject }) => subject);
    this.categories = recordings.map(({ category }) => category);
    this.hasStills = recordings.some(({ kind }) => kind === 'still');
  }

  describe(name: string): string {
    const of = (kind: Recording['kind']) => this.recordings.filter((recording) => recording.kind === kind);
    const sequences = of('sequence');
    const stills = of('still').length;
    const subjects = new Set(sequences.map(({ subject }) => subject)).size;
    const parts = [
      ...(sequences.length > 0 ? [`${sequences.length} sequences of ${subjects} subjects`] : []),
      ...(stills > 0 ? [`${stills} stills`] : []),
    ];
    return `${parts.join(' and ')}${name && ` (${name})`}, through ${extractorsOf(this.recordings).join(', ')}`;
  }

  classes(): string[] {
    return classesOf(this.recordings, true);
  }

  only(chosen: (index: number) => boolean): SourceData {
    const recordings = this.recordings.filter((_, index) => chosen(index));
    return new SourceData(recordings, this.answered);
  }

  training(recipe: LandmarkRecipe, classes: readonly string[]): LandmarkTraining {
    const { window, sampling, augmentation } = recipe;
    const { points, alignment, representation } = window;
    checkKnown('sampling.class_shares', Object.keys(sampling.class_shares), classes);
    checkKnown('sampling.moved_classes', sampling.moved_classes ?? [], classes);
    const extractors = extractorsOf(this.recordings);
    checkKnown('sampling.extractor_shares', Object.keys(sampling.extractor_shares), extractors);
    checkKnown('sampling.extractors', sampling.extractors ?? [], extractors);
    const learned = seenBy(this.recordings, sampling.extractors);
    const faces = neutralFaces(learned, { points, alignment });
    const features = { points, alignment, representation, ...faces, ...chosenMuscles(window, faces.mean_face) };
    const source = new SampledWindows(recordingWindows(learned, window.sequence_frames), {
      classes,
      windowFrames: window.sequence_frames.length,
      features,
      sampling,
      augmentation,
    });
    return {
      source,
      window: { ages_seconds: window.ages_seconds, sequence_frames: window.sequence_frames, features },
      extractors: extractorsOf(learned),
      classOfOutput: source.classOfOutput,
      numPoint: pointCount(features),
    };
  }

  heldOut({ features, sequence_frames }: WindowDescription, classes: readonly string[]): HeldOutSamples {
    const windows = this.#heldOutWindows(sequence_frames);
    // As anywhere else: points of an extractor that was not learned are taken for those of the nearest one.
    const known = referenceExtractors(features);
    const views = windows.map((window) => ({
      ...window,
      extractor: nearestExtractor(window.extractor, known),
      label: classes.indexOf(window.category),
    }));
    return {
      samples: viewSamples(views, features, sequence_frames.length),
      names: windows.map(({ name }) => name),
      groups: windows.map(({ group }) => group),
    };
  }

  examples(sequenceFrames: readonly number[]): ReadonlyMap<string, ExampleWindow> {
    return new Map(this.#heldOutWindows(sequenceFrames).map((window) => [window.name, window]));
  }

  digest(hash: Hash): void {
    for (const { kind, subject, category, name, views } of this.recordings) {
      hash.update(JSON.stringify([kind, subject, category, name]));
      for (const [extractor, { frameNumbers, landmarks }] of views) {
        hash.update(JSON.stringify([extractor, frameNumbers]));
        hash.update(new Uint8Array(landmarks.buffer, landmarks.byteOffset, landmarks.byteLength));
      }
    }
  }

  /** Every window as every extractor sees it, compared with each reference face that there is. */
  #heldOutWindows(sequenceFrames: readonly number[]): HeldOutWindow[] {
    const recordings = this.recordings.filter(({ kind, name }) => kind === 'sequence' || this.answered.has(name));
    return recordingWindows(recordings, sequenceFrames).flatMap((recorded) =>
      recorded.views.flatMap((view) => comparisons(recorded, view)),
    );
  }
}

function comparisons({ source, category, name }: RecordingWindow, view: WindowView): HeldOutWindow[] {
  const compared = (reference: 'mean' | 'own'): HeldOutWindow => ({
    ...view,
    ownNeutral: reference === 'own' ? view.ownNeutral : null,
    category,
    name: `${source} ${name} ${view.extractor} ${reference}`,
    group: { source, extractor: view.extractor, reference },
  });
  // A neutral frame less itself is nothing: there would be nothing to answer.
  if (view.ownNeutral === null || source === 'first_frames') return [compared('mean')];
  return [compared('mean'), compared('own')];
}

/**
 * The recordings as some extractors alone saw them; those that none of them saw are left out.
 *
 * @param extractors left out: all
 */
function seenBy(recordings: readonly Recording[], extractors: readonly string[] | undefined): readonly Recording[] {
  if (extractors === undefined) return recordings;
  return recordings.flatMap((recording) => {
    const views = new Map([...recording.views].filter(([extractor]) => extractors.includes(extractor)));
    return views.size === 0 ? [] : [{ ...recording, views }];
  });
}

/** @throws InvalidInputError for a name that the data do not have */
function checkKnown(key: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new InvalidInputError(key, unknown, `some of ${known.join(', ')}`, 'the recipe');
}

/** Stills that are answered, evenly chosen from those of each class. */
function answeredNames(recordings: readonly Recording[]): Set<string> {
  const stills = recordings.filter(({ kind }) => kind === 'still');
  const names = classesOf(
    stills,
    stills.some(({ category }) => category === NEUTRAL),
  ).flatMap((name) => {
    const all = stills.filter(({ category }) => category === name);
    const step = Math.max(1, all.length / HELD_OUT_STILLS_OF_CLASS);
    const count = Math.min(all.length, HELD_OUT_STILLS_OF_CLASS);
    return Array.from({ length: count }, (_, i) => all[Math.floor(i * step)]!.name);
  });
  return new Set(names);
}
