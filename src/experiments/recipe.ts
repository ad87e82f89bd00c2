import { z } from 'zod';
import { augmentationSchema } from '../datasets/augmentation.js';
import { dataAugmentationSchema } from '../datasets/augmented_source.js';
import { landmarkSourceSchema } from '../datasets/landmark_sources.js';
import { samplingSchema } from '../datasets/sampled_windows.js';
import { InvalidInputError } from '../errors.js';
import { readFileOf } from '../files.js';
import { modelAppearanceSchema } from '../learner/appearance/appearance_classifier.js';
import { parseOptions } from '../options.js';
import { comparesWithReference, featureChoiceSchema } from '../perception/window/window_features.js';
import { parseYaml } from '../yaml.js';

const positive = z.int().min(1);
const threshold = z.number().min(-1).max(1);

/** A training recipe: everything that a model follows from, but the data themselves. */
export const recipeSchema = z.strictObject({
  /** Name of the model's files. */
  name: z.string().regex(/^[\w.+-]+$/),
  /** Folder that the model is written to. */
  output: z.string().min(1).default('models'),
  /** SUBJECT/CLASS/SEQUENCE/{0,1,...}.npy; --landmarks on the command line goes before it. */
  landmarks: z.string().min(1).optional(),
  /** A folder with train.npy and its labels, instead of landmarks; --data on the command line goes before it. */
  data: z.string().min(1).optional(),
  /** Of a folder of folds, the one whose training data are trained on, and whose validation data are answered. */
  data_fold: z.int().min(0).nullable().default(null),
  /** How the training samples of `data` are changed in each epoch, where they are landmarks. */
  data_augmentation: dataAugmentationSchema.prefault({}),
  /** Landmarks of several extractors, instead of landmarks of one. */
  sources: z.array(landmarkSourceSchema).default([]),
  /** What found `landmarks`, for the metadata: a node then warns where it uses another. */
  extractor: z.string().min(1).optional(),
  dataset_name: z.string().min(1).default('CK+'),
  /** Names of the classes of `data`, in the order of the labels; empty takes those of dataset_name. */
  classes: z.array(z.string().min(1)).default([]),
  /** Windows in which nothing happens, as a share of the sequences; 0 leaves out the class Neutral. */
  neutral_share: z.number().min(0).max(1).default(0),
  /** How windows are made of landmarks; needed for them, refused for `data`. */
  window: z
    .strictObject({
      /** Ages of a live window's frames before its newest one, oldest first, in seconds. */
      ages_seconds: z.array(z.number().min(0)).min(1),
      /** Frames of a sequence on disk that stand for them; negative ones count from its end. */
      sequence_frames: z.array(z.int()).min(1),
      ...featureChoiceSchema.shape,
    })
    .optional(),
  /** How an epoch's windows are drawn from `sources`. */
  sampling: samplingSchema.prefault({}),
  augmentation: augmentationSchema.prefault({}),
  /** What the pixels of a face tell beside its landmarks where the model sees images; null: nothing. */
  appearance: z
    .strictObject({
      /** The file that `pstbln train-appearance` wrote. */
      classifier: z.string().min(1),
      landmarks_power: modelAppearanceSchema.shape.landmarks_power.default(0.5),
    })
    .nullable()
    .default(null),
  network: z
    .strictObject({
      /** Blocks of each layer; `build` finds it instead. */
      topology: z.array(positive).default([]),
      block_size: positive.default(5),
      dropout_rate: z.number().min(0).max(0.9).default(0.2),
    })
    .prefault({}),
  /** How `build` finds the topology. */
  building: z
    .strictObject({
      num_layers: positive.default(10),
      num_blocks: positive.default(100),
      layer_threshold: threshold.default(1e-4),
      block_threshold: threshold.default(1e-4),
      criterion: z.enum(['train_loss', 'val_loss']).default('train_loss'),
      /** Epochs of each candidate; null: those of training. */
      epochs: positive.nullable().default(null),
    })
    .prefault({}),
  training: z
    .strictObject({
      epochs: positive.default(400),
      batch_size: positive.default(64),
      optimizer_name: z.enum(['sgd', 'adam']).default('sgd'),
      lr: z.number().positive().default(0.1),
      lr_schedule: z.enum(['', 'cosine']).default(''),
      drop_after_epoch: z.array(positive).default([]),
      momentum: z.number().min(0).max(1).default(0.9),
      nesterov: z.boolean().default(true),
      weight_decay: z.number().min(0).default(1e-4),
      label_smoothing: z.number().min(0).max(0.5).default(0),
      /** A weight for each class, in the order of the classes; null: equal ones. */
      class_weights: z.array(z.number().positive()).nullable().default(null),
      early_stopping_patience: z.int().min(0).default(0),
      /** The network becomes the mean of its weights after each of the last so many epochs. */
      average_epochs: z.int().min(0).default(0),
      seed: z.int().min(0).default(0),
    })
    .prefault({}),
  /** Folds that the model card's figures and the temperature come from; 0 leaves both out. */
  validation_folds: z.int().min(0).default(0),
});

export type Recipe = z.output<typeof recipeSchema>;

/** A recipe for landmarks. */
export type LandmarkRecipe = Recipe & { readonly window: NonNullable<Recipe['window']> };

/** One value that goes before the recipe's: KEY is a path such as training.epochs, VALUE is YAML. */
export interface RecipeChange {
  readonly key: string;
  readonly value: string;
  /** The flag that it came from. */
  readonly origin: string;
}

/** @throws InvalidInputError naming the file, or the change, and the key that is wrong */
export async function readRecipe(path: string, changes: readonly RecipeChange[] = []): Promise<Recipe> {
  return parseRecipe((await readFileOf('the recipe', path)).toString('utf8'), changes, path);
}

/** As `readRecipe`, of a recipe's text. */
export function parseRecipe(text: string, changes: readonly RecipeChange[] = [], origin = 'the recipe'): Recipe {
  const value = parseYaml(text, 'the recipe', origin);
  // The recipe is checked by itself first, so that an error names what it is of.
  let recipe = checked(value, origin);
  for (const { key, value: changed, origin: flag } of changes) {
    change(value as Record<string, unknown>, key.split('.'), parseYaml(changed, key, flag), flag);
    recipe = checked(value, flag);
  }
  return recipe;
}

function checked(value: unknown, origin: string): Recipe {
  const recipe = parseOptions(recipeSchema, value, origin);
  const { window } = recipe;
  if (window !== undefined && window.ages_seconds.length !== window.sequence_frames.length) {
    const expected = `${window.ages_seconds.length} frames, one for each of ages_seconds`;
    throw new InvalidInputError('window.sequence_frames', window.sequence_frames, expected, origin);
  }
  const compared = window !== undefined && comparesWithReference(window);
  if (window !== undefined && compared !== recipe.sources.length > 0) {
    const expected = compared ? 'sources, which have reference faces' : 'displacement_from_reference with sources';
    throw new InvalidInputError('window.representation', window.representation, expected, origin);
  }
  return recipe;
}

/** @throws InvalidInputError where the recipe does not say how windows are made of landmarks */
export function landmarkRecipe(recipe: Recipe, origin: string): LandmarkRecipe {
  const { window } = recipe;
  if (window === undefined) {
    throw new InvalidInputError('window', undefined, 'how windows are made of landmarks', origin);
  }
  return { ...recipe, window };
}

function change(target: Record<string, unknown>, [key, ...rest]: string[], value: unknown, origin: string): void {
  if (key === undefined || key === '' || key === '__proto__') {
    throw new InvalidInputError('the key', key, 'a path such as training.epochs', origin);
  }
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = target[key] ?? {};
  if (typeof inner !== 'object' || Array.isArray(inner)) {
    throw new InvalidInputError(key, inner, 'a mapping, so that its keys can be set', origin);
  }
  target[key] = inner;
  change(inner as Record<string, unknown>, rest, value, origin);
}
