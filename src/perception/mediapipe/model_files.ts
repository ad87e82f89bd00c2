import { join } from 'node:path';
import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import { packageFolder } from '../installed_package.js';
import { readNetworkFile } from '../network_file.js';

/** MediaPipe's models that the npm package @mediapipe/face_mesh holds. */
export type ModelFile = 'face_detection_short_range' | 'face_landmark' | 'face_landmark_with_attention';

const PACKAGE = '@mediapipe/face_mesh';
const ASSETS = 'face_mesh_solution_packed_assets.data';
const LOADER = 'face_mesh_solution_packed_assets_loader.js';

const contentsSchema = z.object({
  files: z.array(z.object({ filename: z.string(), start: z.int().min(0), end: z.int().min(0) })),
  remote_package_size: z.int().min(0),
});

/** A model's bytes and where they came from, for errors. */
export interface ModelBytes {
  readonly bytes: Uint8Array;
  readonly origin: string;
}

/**
 * Reads a model (TensorFlow Lite; Apache-2.0) out of the file into which @mediapipe/face_mesh packs all of them. Where each
 * begins and ends is written as JSON in the package's loader script, which is read as text.
 *
 * @param folder of the package, where it is not the installed one
 * @throws InvalidInputError naming the file, where the package is not installed, or is not whole
 */
export function readModelFile(model: ModelFile, folder: string = packageFolder(PACKAGE)): ModelBytes {
  const loader = join(folder, LOADER);
  const assets = join(folder, ASSETS);
  const { files, remote_package_size: size } = readContents(loader);
  const packed = readPackageFile(assets);
  if (packed.length !== size) {
    throw new InvalidInputError('the size', packed.length, `${size} bytes, as ${LOADER} says`, assets);
  }
  const name = `${model}.tflite`;
  const range = files.find(({ filename }) => filename.endsWith(`/${name}`));
  if (range === undefined) {
    const found = files.map(({ filename }) => filename);
    throw new InvalidInputError('the list of files', found, `${name} among them`, loader);
  }
  const { start, end } = range;
  if (!(start < end && end <= size)) {
    throw new InvalidInputError(`the range of ${name}`, [start, end], `one within ${size} bytes`, loader);
  }
  return { bytes: packed.subarray(start, end), origin: `${assets}, ${name}` };
}

function readContents(loader: string): z.output<typeof contentsSchema> {
  const script = readPackageFile(loader).toString('utf8');
  const json = /\bloadPackage\((\{.*\})\)/.exec(script)?.[1];
  try {
    return contentsSchema.parse(JSON.parse(json ?? 'null'));
  } catch (error) {
    throw new InvalidInputError('the list of packed files', json, 'files with start and end, as JSON', loader, {
      cause: error,
    });
  }
}

function readPackageFile(path: string): Buffer {
  return readNetworkFile(`a file of ${PACKAGE}`, path);
}
