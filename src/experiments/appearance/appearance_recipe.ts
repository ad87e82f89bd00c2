import { z } from 'zod';
import { readFileOf } from '../../files.js';
import { parseOptions } from '../../options.js';
import {
  DEFAULT_LANDMARK_EXTRACTOR,
  LOADABLE_EXTRACTOR_NAMES,
} from '../../perception/landmarks/landmark_extractor_name.js';
import { parseYaml } from '../../yaml.js';

/** All that a classifier of pixels follows from, but the images themselves. */
export const appearanceRecipeSchema = z.strictObject({
  /** The classifier's file, less its .json; its card is beside it. */
  output: z.string().min(1),
  /** Kinds of images; the first is what live faces are most like, and its weights are those that come out. */
  sources: z
    .array(
      z.strictObject({
        /** A tree of images as `pstbln evaluate --images` takes them. */
        images: z.string().min(1),
        /** How much the kind counts beside the others. */
        share: z.number().positive().default(1),
        /** Classes that are learned; empty: all that it has. */
        classes: z.array(z.string().min(1)).default([]),
      }),
    )
    .min(1),
  /** What finds faces and the squares that are looked at. */
  extractor: z.enum(LOADABLE_EXTRACTOR_NAMES).default(DEFAULT_LANDMARK_EXTRACTOR),
  /** How much of the last layer of face-api.js's network the classifier begins with: it keeps that where the images say nothing else. */
  network_share: z.number().min(0).max(1).default(0.25),
  /** Weight decay of what all kinds have in common. */
  decay: z.number().positive().default(0.03),
  /** Weight decay of what each kind has for itself. */
  own_decay: z.number().positive().default(0.1),
  /** Folds that the figures of the card come from; 0: none. */
  validation_folds: z
    .int()
    .min(0)
    .refine((folds) => folds !== 1, { message: '0, or 2 or more' })
    .default(5),
});

export type AppearanceRecipe = z.output<typeof appearanceRecipeSchema>;

/** @throws InvalidInputError naming the file and the key that is wrong */
export async function readAppearanceRecipe(path: string): Promise<AppearanceRecipe> {
  const text = (await readFileOf('the recipe', path)).toString('utf8');
  return parseOptions(appearanceRecipeSchema, parseYaml(text, 'the recipe', path), path);
}
