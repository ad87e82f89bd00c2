import { parse } from 'yaml';
import { z } from 'zod';
import { augmentationSchema } from '../datasets/augmentation.js';
import { errorMessage, InvalidInputError } from '../errors.js';
import { readFileOf } from '../files.js';
import { parseOptions } from '../options.js';

const positive = z.int().min(1);

/** A training recipe: everything that a model follows from, but the data themselves. */
export const recipeSchema = z.strictObject({
  /** Name of the model's files. */
  name: z.string().regex(/^[\w.-]+$/),
  /** Folder that the model is written to. */
  output: z.string().min(1),
  /** SUBJECT/CLASS/SEQUENCE/{0,1,...}.npy; --landmarks on the command line goes before it. */
  landmarks: z.string().min(1).optional(),
  dataset_name: z.string().min(1).default('CK+'),
  /** Windows in which nothing happens, as a share of the sequences; 0 leaves out the class Neutral. */
  neutral_share: z.number().min(0).max(1).default(0),
  window: z.strictObject({
    /** Ages of a live window's frames before its newest one, oldest first, in seconds. */
    ages_seconds: z.array(z.number().min(0)).min(1),
    /** Frames of a sequence on disk that stand for them; negative ones count from its end. */
    sequence_frames: z.array(z.int()).min(1),
    points: z.enum(['inner', 'all']).default('inner'),
    alignment: z.enum(['all', 'steady']).default('all'),
    representation: z.enum(['displacement', 'position']).default('displacement'),
  }),
  augmentation: augmentationSchema.prefault({}),
  network: z.strictObject({
    topology: z.array(positive).min(1),
    block_size: positive.default(5),
    dropout_rate: z.number().min(0).max(0.9).default(0.2),
  }),
  training: z.strictObject({
    epochs: positive,
    batch_size: positive.default(64),
    optimizer_name: z.enum(['sgd', 'adam']).default('sgd'),
    lr: z.number().positive().default(0.1),
    lr_schedule: z.enum(['', 'cosine']).default(''),
    drop_after_epoch: z.array(positive).default([]),
    momentum: z.number().min(0).max(1).default(0.9),
    nesterov: z.boolean().default(true),
    weight_decay: z.number().min(0).default(1e-4),
    label_smoothing: z.number().min(0).max(0.5).default(0),
    seed: z.int().min(0).default(0),
  }),
  /** Folds that the model card's figures and the temperature come from; 0 leaves both out. */
  validation_folds: z.int().min(0).default(0),
});

export type Recipe = z.output<typeof recipeSchema>;

/** @throws InvalidInputError naming the file and the key that is wrong */
export async function readRecipe(path: string): Promise<Recipe> {
  const text = (await readFileOf('the recipe', path)).toString('utf8');
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new InvalidInputError('the recipe', errorMessage(error), 'YAML', path, { cause: error });
  }
  const recipe = parseOptions(recipeSchema, value, path);
  const { ages_seconds: ages, sequence_frames: frames } = recipe.window;
  if (ages.length !== frames.length) {
    throw new InvalidInputError(
      'window.sequence_frames',
      frames,
      `${ages.length} frames, one for each of ages_seconds`,
      path,
    );
  }
  return recipe;
}
