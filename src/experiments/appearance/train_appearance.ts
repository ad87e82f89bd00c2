import { subjectIndependentFolds } from '../../datasets/folds.js';
import { InvalidInputError } from '../../errors.js';
import { type AppearanceClassifier, appearanceProbabilities } from '../../learner/appearance/appearance_classifier.js';
import { type AppearanceSamples, fitAppearance } from '../../learner/appearance/fit_appearance.js';
import {
  argmax,
  type ClassificationReport,
  classificationReport,
} from '../../learner/evaluation/classification_report.js';
import type { LinearLayer } from '../../perception/appearance/expression_network.js';
import { meanOfLooks } from '../../perception/mean_of_looks.js';
import type { LabelledAppearance } from './appearance_images.js';
import type { AppearanceRecipe } from './appearance_recipe.js';

/** Faces of one kind of images. */
export interface AppearanceKind {
  readonly faces: readonly LabelledAppearance[];
  readonly share: number;
}

/** A classifier of pixels, and how it names faces of people that it has not seen, by kind; none without folds. */
export interface TrainedAppearance {
  readonly classifier: AppearanceClassifier;
  readonly reports: readonly ClassificationReport[];
}

const FOLD_SEED = 0;

/**
 * Learns what pixels tell, from the faces and their mirror images, and tries it on people that are held out.
 *
 * @param lastLayer of the network that the appearances are features of
 * @param onProgress hears of every classifier that is learned
 * @param signal ends it when aborted
 * @throws InvalidInputError where a kind has fewer subjects than folds, or fewer than two classes
 */
export async function trainAppearance(
  kinds: readonly AppearanceKind[],
  { decay, own_decay: ownDecay, network_share: share, validation_folds: folds }: AppearanceRecipe,
  lastLayer: LinearLayer,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<TrainedAppearance> {
  const foldOf = folds === 0 ? [] : kinds.map(({ faces }) => foldsOf(faces, folds));
  const total = folds + 1;
  onProgress(0, total);
  const learn = (isLearned: (kind: number, face: number) => boolean): AppearanceClassifier => {
    signal.throwIfAborted();
    const samples = kinds.map((kind, k) => samplesOf(kind, (face) => isLearned(k, face)));
    return fitAppearance(samples, { decay, ownDecay }, { layer: lastLayer, share });
  };
  const classifier = learn(() => true);
  onProgress(1, total);
  if (folds === 0) return { classifier, reports: [] };
  const labels = kinds.map(({ faces }) => faces.map(({ category }) => classifier.classes.indexOf(category)));
  const answers = kinds.map(({ faces }) => new Int32Array(faces.length));
  for (let fold = 0; fold < folds; fold++) {
    // Lets the signal be heard.
    await new Promise((done) => setImmediate(done));
    const held = learn((kind, face) => foldOf[kind]![face] !== fold);
    kinds.forEach(({ faces }, kind) => {
      faces.forEach((face, at) => {
        if (foldOf[kind]![at] === fold) answers[kind]![at] = classifier.classes.indexOf(nameOf(face, held));
      });
    });
    onProgress(fold + 2, total);
  }
  return {
    classifier,
    reports: labels.map((of, kind) => classificationReport(of, answers[kind]!, classifier.classes)),
  };
}

function samplesOf({ faces, share }: AppearanceKind, isLearned: (face: number) => boolean): AppearanceSamples {
  const learned = faces.filter((_, face) => isLearned(face));
  return {
    features: learned.flatMap(({ looks }) => looks),
    classes: learned.flatMap(({ category }) => [category, category]),
    share,
  };
}

function foldsOf(faces: readonly LabelledAppearance[], folds: number): number[] {
  const subjects = faces.map(({ subject }) => subject);
  const distinct = new Set(subjects).size;
  if (distinct < folds) {
    throw new InvalidInputError(
      'validation_folds',
      folds,
      `${distinct} at most, as faces of so many people of a source were found`,
      'the recipe',
    );
  }
  return subjectIndependentFolds(
    subjects,
    faces.map(({ category }) => category),
    folds,
    FOLD_SEED,
  );
}

/** The class that a still's face is called by its pixels: by those of the face and its mirror image alike. */
function nameOf({ looks }: LabelledAppearance, classifier: AppearanceClassifier): string {
  return classifier.classes[argmax(appearanceProbabilities(meanOfLooks(looks), classifier))]!;
}
