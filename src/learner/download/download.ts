import { join } from 'node:path';
import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import { readFileOf } from '../../files.js';
import { parseJson } from '../../json.js';
import { parseOptions } from '../../options.js';
import { type DownloadProgress, type FetchOptions, fetchFile } from './fetch_file.js';

/** Where OpenDR keeps the data of this learner. */
export const OPENDR_SERVER_URL =
  'ftp://opendrdata.csd.auth.gr/perception/landmark_based_facial_expression_recognition/';

/** What a URL and a folder may be joined with: one name, not a path. */
const nameSchema = z
  .string()
  .min(1)
  .refine((name) => name !== '.' && name !== '..' && !/[/\\\0]/.test(name), 'a name without / or \\');

/** Options of `download`. */
export const downloadOptionsSchema = z.strictObject({
  /** The folder that the files come under. */
  path: z.string().min(1),
  mode: z.enum(['pretrained', 'train_data', 'val_data', 'test_data']).default('train_data'),
  /** ftp, http, https or file: the folder on the server that `data` and `pretrained_models` are in. */
  url: z.url({ protocol: /^(ftp|https?|file)$/, error: 'an ftp, http, https or file URL' }).default(OPENDR_SERVER_URL),
  datasetName: nameSchema.default('CASIA'),
  experimentName: nameSchema.default('pstbln_casia'),
  /** The pretrained model; left out, it is named as the experiment. */
  modelName: nameSchema.optional(),
  /** Says on the error stream what it does. */
  verbose: z.boolean().default(true),
  /** How often it is tried again after an attempt that brought nothing new. */
  retries: z.int().min(0).default(5),
  /** Before the first of them; doubled each time, up to 30 seconds. */
  retryDelaySeconds: z.number().min(0).default(1),
  /** How long a server may be silent. */
  timeoutSeconds: z.number().positive().max(86_400).default(60),
});

export type DownloadOptions = z.input<typeof downloadOptionsSchema>;

/** What a download may be watched and stopped by. */
export interface DownloadControl {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** The files of each mode, under URL/data/DATASET. */
const DATA_FILES = {
  train_data: ['train.npy', 'train_labels.pkl'],
  val_data: ['val.npy', 'val_labels.pkl'],
  test_data: ['val.npy'],
} as const;

/** The only key of a model's metadata that says what else to fetch; servers have OpenDR's files as well as ours. */
const modelPathsSchema = z.looseObject({ model_paths: z.array(z.string()).min(1).max(16) });

/**
 * Downloads a dataset, or a pretrained model, as OpenDR lays them out; what is there already is not fetched again.
 *
 * - train_data, val_data: URL/data/DATASET/{train.npy, train_labels.pkl} or {val.npy, val_labels.pkl} to path/DATASET
 * - test_data: URL/data/DATASET/val.npy to path/DATASET
 * - pretrained: URL/pretrained_models/pstbln/MODEL/MODEL.json, and the files that it names beside it, to
 *   path/EXPERIMENT_checkpoints/MODEL
 *
 * @returns the folder of the files; for test_data the path of val.npy
 * @throws InvalidInputError naming the option that is wrong, or the metadata that is damaged or names files elsewhere
 * @throws DownloadError naming the URL that could not be fetched (see `fetchFile`)
 */
export async function download(options: DownloadOptions, control: DownloadControl = {}): Promise<string> {
  const parsed = parseOptions(downloadOptionsSchema, options, 'download');
  const { path, mode, url, datasetName, experimentName, modelName = experimentName, verbose } = parsed;
  const onProgress = (progress: DownloadProgress) => {
    if (verbose) say(progress);
    control.onProgress?.(progress);
  };
  const fetchOptions: FetchOptions = { ...parsed, signal: control.signal, onProgress };
  const base = new URL(url);
  if (mode === 'pretrained') {
    const folder = join(path, `${experimentName}_checkpoints`, modelName);
    await fetchModel(urlOf(base, 'pretrained_models', 'pstbln', modelName), folder, modelName, fetchOptions);
    return folder;
  }
  const folder = join(path, datasetName);
  const remoteFolder = urlOf(base, 'data', datasetName);
  for (const file of DATA_FILES[mode]) await fetchFile(urlOf(remoteFolder, file), join(folder, file), fetchOptions);
  return mode === 'test_data' ? join(folder, 'val.npy') : folder;
}

async function fetchModel(remoteFolder: URL, folder: string, name: string, options: FetchOptions): Promise<void> {
  const metadataPath = join(folder, `${name}.json`);
  await fetchFile(urlOf(remoteFolder, `${name}.json`), metadataPath, options);
  const text = (await readFileOf('the metadata', metadataPath)).toString('utf8');
  const { model_paths } = parseOptions(modelPathsSchema, parseJson(text, 'the metadata', metadataPath), metadataPath);
  // All are looked at before any is fetched.
  const files = model_paths.map((entry) => segmentsOf(entry, metadataPath));
  for (const segments of files) await fetchFile(urlOf(remoteFolder, ...segments), join(folder, ...segments), options);
}

/** The parts of a path within the model's folder. @throws InvalidInputError where it leads out of it */
function segmentsOf(entry: string, origin: string): string[] {
  const segments = entry.split('/');
  if (/^[a-z]:/i.test(entry) || !segments.every((segment) => nameSchema.safeParse(segment).success)) {
    throw new InvalidInputError('model_paths', entry, "paths within the model's folder", origin);
  }
  return segments;
}

/** A URL within the folder of another one; its query, such as a token, stays. */
function urlOf(base: URL, ...segments: readonly string[]): URL {
  const url = new URL(base);
  url.pathname = [url.pathname.replace(/\/+$/, ''), ...segments.map(encodeURIComponent)].join('/');
  url.hash = '';
  return url;
}

function say({ state, url, path, receivedBytes, totalBytes, reason }: DownloadProgress): void {
  if (state === 'receiving') return;
  const size = `${receivedBytes}${totalBytes === null ? '' : ` of ${totalBytes}`} bytes`;
  process.stderr.write(`${state}: ${state === 'retrying' ? url : path} (${size})${reason ? `: ${reason}` : ''}\n`);
}
