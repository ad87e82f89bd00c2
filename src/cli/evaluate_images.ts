import { readImageFile } from '../camera/image_file.js';
import { labelsOfImages, listImageTree } from '../datasets/image_tree.js';
import { viewSamples } from '../datasets/view_samples.js';
import { type ImageReport, imageReport } from '../experiments/image_report.js';
import { imageViews } from '../experiments/image_views.js';
import type { EvalResults } from '../learner/evaluation/evaluate_network.js';
import type { EvalOptions } from '../learner/options.js';
import type { ProgressiveSpatioTemporalBLNLearner } from '../learner/progressive_spatio_temporal_bln_learner.js';
import { FaceAppearance } from '../perception/appearance/face_appearance.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import type { Landmarks68 } from '../perception/landmarks/landmarks68.js';
import { landmarksOfStill } from '../perception/landmarks_of_still.js';
import { loadLandmarkExtractor } from '../perception/load_landmark_extractor.js';
import { meanLandmarksOfStill } from '../perception/looks_at_still.js';
import { Progress } from '../progress.js';
import { chosenExtractor, imageExtractor } from './landmark_extractor_flag.js';
import { modelWindow } from './load_learner.js';

/**
 * Evaluates a model on a tree of images, through faces, landmarks and windows.
 *
 * @param extractor the flag --extractor
 * @param shapePredictor the flag --shape-predictor
 * @param looksAtPixels false with the flag --no-appearance: whether pixels count beside landmarks, as the model says
 * @returns `results` of the samples whose faces were found; null where none was
 * @throws InvalidInputError where the tree, one of its classes or the extractor is not as expected
 */
export async function evaluateImages(
  tree: string,
  extractor: string | undefined,
  shapePredictor: string | undefined,
  looksAtPixels: boolean,
  learner: ProgressiveSpatioTemporalBLNLearner,
  evalOptions: EvalOptions,
): Promise<{ report: ImageReport; results: EvalResults | null }> {
  const imagesExtractor = imageExtractor(extractor, shapePredictor);
  const images = listImageTree(tree);
  const labels = labelsOfImages(images, learner.classes);
  const window = modelWindow(learner);
  const reference = chosenExtractor(imagesExtractor, learner);
  if (window.features.representation === 'displacement' && images.some(({ kind }) => kind === 'still')) {
    console.error(
      "pstbln: the model answers by changes since a window's first frame: every still is alike to it, whatever it shows",
    );
  }
  const landmarkExtractor = await loadLandmarkExtractor(imagesExtractor, { shapePredictor });
  let faceAppearance: FaceAppearance | null = null;
  const progress = new Progress('looking at images');
  try {
    faceAppearance = looksAtPixels && learner.appearance !== null ? await FaceAppearance.load() : null;
    const perception = {
      read: (path: string) => readImageFile(path, tree),
      landmarksOf: async (image: RgbImage) => {
        const face = await landmarksOfStill(image, landmarkExtractor);
        return face && meanLandmarksOfStill(image, face, landmarkExtractor);
      },
      appearanceOf: async (image: RgbImage, landmarks: Landmarks68) =>
        (await faceAppearance?.ofStill(image, landmarks)) ?? null,
    };
    const views = await imageViews(images, window, perception, (done, total) => progress.update(done, total));
    const found = views.flatMap((view, sample) =>
      'reason' in view ? [] : [{ ...view, extractor: reference, label: labels[sample]! }],
    );
    const samples = viewSamples(found, window.features, window.sequence_frames.length);
    const appearances = found.map(({ appearance }) => appearance);
    const referenceWeights = found.map(({ ownNeutral }) => (ownNeutral === null ? 0 : 1));
    const seen = { ...evalOptions, appearances, referenceWeights };
    const results = samples.count === 0 ? null : await learner.eval(samples, seen);
    const missed = views.map((view) => ('reason' in view ? view : null));
    return { report: imageReport(labels, missed, results?.report ?? null, learner.classes), results };
  } finally {
    progress.end();
    await Promise.all([landmarkExtractor.release(), faceAppearance?.release()]);
  }
}
