import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError } from '../../errors.js';
import { readFileOf } from '../../files.js';
import { parseShapePredictor, type ShapePredictor } from './shape_predictor.js';

const THING = "dlib's shape predictor";
/** Its name, as dlib.net gives it and Debian installs it below share/dlib. */
const NAME = 'shape_predictor_68_face_landmarks.dat';
/** Where programs look for shared data when XDG_DATA_DIRS is not set (XDG Base Directory Specification). */
const DATA_FOLDERS = '/usr/local/share:/usr/share';
/** Bytes; the 68-point model has 99,693,937. */
const LARGEST_FILE = 2 ** 30;

/**
 * The file of dlib's 68-point model: the one that the variable FER_SHAPE_PREDICTOR names, else
 * dlib/shape_predictor_68_face_landmarks.dat in the first of the folders of XDG_DATA_DIRS that has it.
 *
 * @returns null where there is none
 */
export function findShapePredictor(env: NodeJS.ProcessEnv = process.env): string | null {
  if (env.FER_SHAPE_PREDICTOR) return env.FER_SHAPE_PREDICTOR;
  const folders = (env.XDG_DATA_DIRS || DATA_FOLDERS).split(':').filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'dlib', NAME)).find((path) => existsSync(path)) ?? null;
}

/**
 * Reads dlib's 68-point shape predictor, which takes a quarter of a second and 66 MB of memory.
 *
 * @param path the .dat; that of findShapePredictor by default
 * @throws InvalidInputError where there is no such file, naming how to get it, and where it is damaged or another one
 */
export async function readShapePredictor(path?: string): Promise<ShapePredictor> {
  const file = path ?? findShapePredictor();
  if (file === null) {
    const expected =
      `${NAME}: Debian's and Ubuntu's package libdlib-data installs it (sudo apt-get install libdlib-data); a copy ` +
      'elsewhere is named by the option shapePredictor (--shape-predictor, the parameter shape_predictor) or the ' +
      'variable FER_SHAPE_PREDICTOR';
    throw new InvalidInputError(THING, 'missing', expected, "the system's share/dlib");
  }
  const status = await stat(file).catch(() => null);
  // Before it is read: a device would have no end.
  if (status !== null && !status.isFile()) throw new InvalidInputError(THING, file, 'a file', file);
  if (status !== null && status.size > LARGEST_FILE) {
    throw new InvalidInputError(`the size of ${THING}`, status.size, `at most ${LARGEST_FILE} bytes`, file);
  }
  return parseShapePredictor(await readFileOf(THING, file), file);
}
