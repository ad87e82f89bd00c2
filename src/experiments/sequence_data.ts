import type { Hash } from 'node:crypto';
import { classesOf, NEUTRAL, sequenceWindow, TrainingWindows } from '../datasets/expression_windows.js';
import { chosenMuscles } from '../datasets/face_muscles.js';
import type { LandmarkSequence } from '../datasets/landmark_tree.js';
import { faceForMetadata, meanFace } from '../datasets/mean_face.js';
import type { WindowDescription } from '../learner/model_holder.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { pointCount } from '../perception/window/window_features.js';
import type { ExampleWindow, HeldOutSamples, LandmarkData, LandmarkTraining } from './landmark_data.js';
import type { LandmarkRecipe } from './recipe.js';
import { sequenceSamples } from './sequence_samples.js';

/** The sequences of one landmark tree, each an item. */
export class SequenceData implements LandmarkData {
  readonly subjects: readonly string[];
  readonly categories: readonly string[];
  readonly hasStills = false;

  constructor(private readonly sequences: readonly LandmarkSequence[]) {
    this.subjects = sequences.map(({ subject }) => subject);
    this.categories = sequences.map(({ category }) => category);
  }

  describe(name: string): string {
    return `${this.sequences.length} ${name && `${name} `}sequences of ${new Set(this.subjects).size} subjects`;
  }

  classes({ neutral_share }: LandmarkRecipe): string[] {
    return classesOf(this.sequences, neutral_share > 0);
  }

  only(chosen: (index: number) => boolean): SequenceData {
    return new SequenceData(this.sequences.filter((_, index) => chosen(index)));
  }

  /** The mean face is that of the sequences' first frames. */
  training(recipe: LandmarkRecipe, classes: readonly string[]): LandmarkTraining {
    const { window, augmentation, neutral_share: neutralShare, extractor } = recipe;
    const firstFrames = this.sequences.map(({ landmarks }) => landmarks.slice(0, 2 * LANDMARKS));
    const mean_face = faceForMetadata(meanFace(firstFrames));
    const { points, alignment, representation } = window;
    const features = { points, alignment, representation, mean_face, ...chosenMuscles(window, mean_face) };
    const source = new TrainingWindows(this.sequences, {
      classes,
      sequenceFrames: window.sequence_frames,
      features,
      augmentation,
      neutralShare: classes.includes(NEUTRAL) ? neutralShare : 0,
    });
    return {
      source,
      window: { ages_seconds: window.ages_seconds, sequence_frames: window.sequence_frames, features },
      extractors: extractor === undefined ? [] : [extractor],
      classOfOutput: [],
      numPoint: pointCount(features),
    };
  }

  heldOut(window: WindowDescription, classes: readonly string[]): HeldOutSamples {
    const samples = sequenceSamples(window, classes, this.sequences, null);
    return { samples, names: this.sequences.map(({ path }) => path), groups: null };
  }

  examples(sequenceFrames: readonly number[]): ReadonlyMap<string, ExampleWindow> {
    return new Map(
      this.sequences.map((sequence) => [
        sequence.path,
        { category: sequence.category, window: sequenceWindow(sequence, sequenceFrames) },
      ]),
    );
  }

  digest(hash: Hash): void {
    for (const { subject, category, landmarks } of this.sequences) {
      hash.update(`${subject}/${category}`);
      hash.update(new Uint8Array(landmarks.buffer, landmarks.byteOffset, landmarks.byteLength));
    }
  }
}
