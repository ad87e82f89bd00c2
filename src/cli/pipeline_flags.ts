import { type Command, Option } from 'commander';
import { modelLocation } from '../learner/checkpoint/model_location.js';
import { ExpressionClassifier } from '../learner/expression_classifier.js';
import { type Device, deviceSchema } from '../learner/onnx/device.js';
import {
  DEFAULT_LANDMARK_EXTRACTOR,
  LOADABLE_EXTRACTOR_NAMES,
  type LoadableExtractorName,
} from '../perception/landmarks/landmark_extractor_name.js';
import { Perception } from '../perception/perception.js';
import { ExpressionPipeline } from '../pipeline/expression_pipeline.js';
import { extractorWarning } from '../pipeline/extractor_warning.js';
import { SEED_RANGE, SHARED_SETTINGS } from '../pipeline/shared_settings.js';
import { wholeNumber } from './arguments.js';
import { addModelFlag } from './load_learner.js';

/** What the flags of a command that runs the pipeline say; they are named as the parameters of expression_node. */
export interface PipelineFlags {
  readonly model: string;
  readonly landmarkExtractor: LoadableExtractorName;
  readonly shapePredictor?: string;
  readonly landmarkSmoothing?: boolean;
  readonly appearance: boolean;
  readonly device: Device;
  readonly threads: number;
  readonly mcdoRepeats: number;
  readonly seed: number;
  readonly maxFaces: number;
  readonly smoothingMs: number;
}

/** Adds the flags of `PipelineFlags` to a command. */
export function addPipelineFlags(command: Command): Command {
  const { mcdoRepeats, maxFaces, smoothingMs } = SHARED_SETTINGS;
  return addModelFlag(command)
    .addOption(
      new Option('--landmark-extractor <name>', 'what finds faces and landmarks')
        .choices(LOADABLE_EXTRACTOR_NAMES)
        .default(DEFAULT_LANDMARK_EXTRACTOR),
    )
    .option('--shape-predictor <dat>', "dlib's 68-point model, for the landmark extractor dlib (default: the system's)")
    .option('--landmark-smoothing', "filter each face's landmarks over time: steadier, and a little later")
    .option('--no-appearance', "go by each face's landmarks alone, not by its pixels too: faster")
    .addOption(new Option('--device <name>', 'where the model runs').choices(deviceSchema.options).default('cpu'))
    .option('--threads <n>', "the model's threads on the processor; 0: all cores", wholeNumber(0), 1)
    .option(
      '--mcdo-repeats <n>',
      'Monte Carlo dropout repeats; 0: one pass without dropout, so without spread',
      wholeNumber(...mcdoRepeats.range),
      mcdoRepeats.defaultValue,
    )
    .option('--seed <n>', 'of the dropout masks; -1: others for every image and run', wholeNumber(...SEED_RANGE), 0)
    .option(
      '--max-faces <n>',
      'faces that are followed at once at most',
      wholeNumber(...maxFaces.range),
      maxFaces.defaultValue,
    )
    .option(
      '--smoothing-ms <n>',
      'time constant of the smoothing of each face over time; 0: none',
      wholeNumber(...smoothingMs.range),
      smoothingMs.defaultValue,
    );
}

/**
 * The pipeline that the flags name; the caller releases it. Warns on standard error where the model was trained for other
 * landmarks.
 *
 * @throws InvalidInputError naming a file or device that is missing or broken
 */
export async function loadPipeline(flags: PipelineFlags): Promise<ExpressionPipeline> {
  const { model, landmarkExtractor, shapePredictor, landmarkSmoothing, device, threads, seed } = flags;
  const perception = await Perception.load({
    landmarkExtractor,
    shapePredictor,
    smoothLandmarks: landmarkSmoothing ?? false,
  });
  try {
    const location = modelLocation(model);
    const classifier = await ExpressionClassifier.load({ ...location, device, threads, landmarkExtractor });
    const warning = extractorWarning(model, classifier.landmarkExtractors, landmarkExtractor);
    if (warning !== undefined) console.error(`pstbln: ${warning}`);
    return new ExpressionPipeline(perception, classifier, {
      mcdoRepeats: flags.mcdoRepeats,
      appearance: flags.appearance,
      seed: seed < 0 ? undefined : seed,
      maxFaces: flags.maxFaces,
      smoothingSeconds: flags.smoothingMs / 1000,
    });
  } catch (error) {
    await perception.release();
    throw error;
  }
}
