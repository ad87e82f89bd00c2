import type { Hash } from 'node:crypto';
import type { WindowDescription } from '../learner/model_holder.js';
import type { EpochSource, Samples } from '../learner/samples.js';
import type { HeldOutGroup } from './held_out_groups.js';
import type { LandmarkRecipe } from './recipe.js';

/** Training samples made of landmarks. */
export interface LandmarkTraining {
  /** Freshly augmented windows for each epoch. */
  readonly source: EpochSource;
  /** How the windows are made, for the metadata. */
  readonly window: WindowDescription;
  /** What found the landmarks, for the metadata; empty where the recipe does not say. */
  readonly extractors: readonly string[];
  /** For each output of the network its class; empty where each class has one output. */
  readonly classOfOutput: readonly number[];
  /** V of a sample. */
  readonly numPoint: number;
}

/** A window that is looked at in a report. */
export interface ExampleWindow {
  readonly category: string;
  /** (T, 68, 2), flat, in pixels. */
  readonly window: Float32Array;
}

/** Samples of data that a network was not trained on, each always the same. */
export interface HeldOutSamples {
  readonly samples: Samples;
  /** Of each sample: where it came from. */
  readonly names: readonly string[];
  /** Of each sample: what is reported on together; null where there is one kind only. */
  readonly groups: readonly HeldOutGroup[] | null;
}

/** Labelled landmarks, item by item, as a recipe learns them. */
export interface LandmarkData {
  /** Of each item; no subject is both trained and tested on. */
  readonly subjects: readonly string[];
  /** Of each item: the name of its class. */
  readonly categories: readonly string[];
  /** Whether there are stills among the items. */
  readonly hasStills: boolean;
  /** What the items are, for people: "259 CK+ sequences of 96 subjects". @param name what the data are called; '' for none */
  describe(name: string): string;
  /** Names of the classes that a network of these data has. */
  classes(recipe: LandmarkRecipe): string[];
  /** The items that are chosen by their index. */
  only(chosen: (index: number) => boolean): LandmarkData;
  /** Training samples of all items. */
  training(recipe: LandmarkRecipe, classes: readonly string[]): LandmarkTraining;
  /** Samples of all items for a network whose windows are made so. */
  heldOut(window: WindowDescription, classes: readonly string[]): HeldOutSamples;
  /** Windows by the names that `heldOut` gives its samples, for reports. */
  examples(sequenceFrames: readonly number[]): ReadonlyMap<string, ExampleWindow>;
  /** Feeds all that the samples follow from to a checksum. */
  digest(hash: Hash): void;
}
