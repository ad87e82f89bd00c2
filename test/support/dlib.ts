import { existsSync } from 'node:fs';
import { findShapePredictor } from '../../src/perception/dlib/shape_predictor_file.js';

/** The file of dlib's 68-point model, or null where there is none. */
export const shapePredictorFile: string | null = findShapePredictor();

/** Why tests of dlib's 68-point model cannot run here, or false where they can: for the skip of node:test. */
export const shapePredictorMissing: string | false =
  (shapePredictorFile === null || !existsSync(shapePredictorFile)) &&
  "no dlib model: Debian's libdlib-data installs it, FER_SHAPE_PREDICTOR names another place";

/** Why an extractor cannot run here, or false where it can. */
export function extractorMissing(name: string): string | false {
  return name === 'dlib' && shapePredictorMissing;
}

/** The Python that has dlib's own package, named by FER_DLIB_PYTHON. */
export const dlibPython: string | undefined = process.env.FER_DLIB_PYTHON;

/** Why tests beside dlib itself cannot run here, or false where they can. */
export const dlibMissing: string | false =
  shapePredictorMissing ||
  (dlibPython === undefined && 'no dlib: FER_DLIB_PYTHON names a Python that has it (pip install dlib-bin)');
