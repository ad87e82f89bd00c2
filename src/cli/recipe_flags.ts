import { type Command, InvalidArgumentError } from 'commander';
import { InvalidInputError } from '../errors.js';
import { parseRecipe, type Recipe, type RecipeChange, readRecipe } from '../experiments/recipe.js';

/** Flags that stand for one key of the recipe each. */
const KEY_FLAGS = {
  name: { flag: '--name <name>', key: 'name', help: "name of the model's files" },
  output: { flag: '--output <folder>', key: 'output', help: 'folder that the model is written to' },
  landmarks: { flag: '--landmarks <tree>', key: 'landmarks', help: 'SUBJECT/CLASS/SEQUENCE/{0,1,...}.npy' },
  data: {
    flag: '--data <folder>',
    key: 'data',
    help: 'prepared samples: train.npy, train_labels.pkl, val.npy, ...; or folds',
  },
  dataFold: { flag: '--data-fold <k>', key: 'data_fold', help: 'of a folder of folds, the one that is held out' },
  datasetName: {
    flag: '--dataset-name <name>',
    key: 'dataset_name',
    help: "what the data are called: 'AFEW', 'CK+', ...",
  },
  topology: { flag: '--topology <blocks>', key: 'network.topology', help: 'blocks of each layer, such as 3,3' },
  epochs: { flag: '--epochs <n>', key: 'training.epochs', help: 'passes over the data' },
  batchSize: { flag: '--batch-size <n>', key: 'training.batch_size', help: 'samples of a step' },
  lr: { flag: '--lr <rate>', key: 'training.lr', help: 'learning rate' },
  seed: { flag: '--seed <n>', key: 'training.seed', help: 'makes the run repeatable' },
} as const;

/** A flag of the command line that stands for a key of the recipe. */
export type KeyFlag = keyof typeof KEY_FLAGS;

export type RecipeFlags = { readonly [flag in KeyFlag]?: string } & {
  readonly recipe?: string;
  readonly set?: readonly RecipeChange[];
};

/** Adds --recipe, --set and the flags of `keys` to a command. */
export function addRecipeFlags(command: Command, keys: readonly KeyFlag[], defaultRecipe?: string): Command {
  command.option('--recipe <file>', 'the recipe (YAML); what no flag says, it does', defaultRecipe);
  for (const key of keys) command.option(KEY_FLAGS[key].flag, KEY_FLAGS[key].help);
  return command.option(
    '--set <key=value>',
    'any key of the recipe, such as training.weight_decay=0.01; may be given again',
    (text: string, before: readonly RecipeChange[] = []) => [...before, assignment(text)],
  );
}

/** The recipe that the flags name, with what they change. */
export function recipeOf(flags: RecipeFlags): Promise<Recipe> {
  const changes = (Object.keys(KEY_FLAGS) as KeyFlag[]).flatMap((name): RecipeChange[] => {
    const text = flags[name];
    if (text === undefined) return [];
    const { flag, key } = KEY_FLAGS[name];
    const value = name === 'topology' ? `[${text}]` : isText(name) ? JSON.stringify(text) : text;
    return [{ key, value, origin: flag.split(' ')[0]! }];
  });
  const all = [...changes, ...(flags.set ?? [])];
  return flags.recipe === undefined ? Promise.resolve(parseRecipe('name: pstbln', all)) : readRecipe(flags.recipe, all);
}

/** Where the recipe comes from, for errors. */
export function recipeOrigin(flags: RecipeFlags): string {
  return flags.recipe ?? 'the command line';
}

/** Where a recipe may have its samples from. */
const ORIGINS = ['landmarks', 'sources', 'data'] as const;

/**
 * Checks that a recipe has one source of samples, and no key that another source would need: nothing that is asked for
 * is left undone in silence.
 *
 * @throws InvalidInputError where none or several of landmarks, sources and data are given, or a key is for another one
 */
export function checkOneSource(recipe: Recipe, origin: string): void {
  const without = parseRecipe('name: none');
  const differs = (key: keyof Recipe) => JSON.stringify(recipe[key]) !== JSON.stringify(without[key]);
  const [given, another] = ORIGINS.filter(differs);
  if (another !== undefined) {
    throw new InvalidInputError(another, recipe[another], `either ${given} or ${another}, not both`, origin);
  }
  if (given === undefined) {
    const expected = 'a folder, here or as --landmarks (or --data, or sources in the recipe)';
    throw new InvalidInputError('landmarks', undefined, expected, origin);
  }
  for (const [key, origins] of Object.entries(ONLY_FOR) as [keyof Recipe, readonly string[]][]) {
    if (origins.includes(given) || !differs(key)) continue;
    const expected = `nothing with ${given}: it is for ${origins.join(' and ')}`;
    throw new InvalidInputError(key, recipe[key], expected, origin);
  }
}

/** Keys that only some origins of samples have a use for. */
const ONLY_FOR = {
  classes: ['data'],
  data_fold: ['data'],
  data_augmentation: ['data'],
  window: ['landmarks', 'sources'],
  augmentation: ['landmarks', 'sources'],
  appearance: ['landmarks', 'sources'],
  validation_folds: ['landmarks', 'sources'],
  neutral_share: ['landmarks'],
  extractor: ['landmarks'],
  sampling: ['sources'],
} as const;

function isText(name: KeyFlag): boolean {
  return ['name', 'output', 'landmarks', 'data', 'datasetName'].includes(name);
}

function assignment(text: string): RecipeChange {
  const at = text.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError('expected KEY=VALUE, such as training.epochs=10');
  return { key: text.slice(0, at), value: text.slice(at + 1), origin: `--set ${text}` };
}
