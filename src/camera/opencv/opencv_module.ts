import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorMessage, InvalidInputError } from '../../errors.js';
import { packageRoot } from '../../package_root.js';

/** A matrix of opencv4nodejs: an image, blue, green, red in each pixel. */
export interface Mat {
  /** Height, pixels; 0 where there is no image. */
  readonly rows: number;
  /** Width, pixels. */
  readonly cols: number;
  /** rows * cols * 3 bytes, without padding. */
  getData(): Buffer;
  /** In another order of channels. */
  cvtColor(conversion: number): Mat;
  /** Gives the memory back now. */
  release(): void;
}

/** A clip that is open. */
export interface VideoCapture {
  /** The next frame; one of no rows at the end. */
  read(): Mat;
  get(property: number): number;
}

/** What is used here of opencv4nodejs' addon. */
export interface OpenCv {
  readonly version: { readonly major: number; readonly minor: number; readonly revision: number };
  readonly IMREAD_COLOR: number;
  readonly COLOR_BGR2RGB: number;
  readonly IMWRITE_JPEG_QUALITY: number;
  readonly CAP_FFMPEG: number;
  readonly CAP_PROP_POS_MSEC: number;
  readonly CAP_PROP_FPS: number;
  readonly VideoCapture: new (path: string, api: number) => VideoCapture;
  /** @returns the image: one of no rows where there is none that can be decoded */
  imdecode(file: Uint8Array, flags: number): Mat;
  imencode(ending: string, image: Mat, settings: number[]): Buffer;
}

/** The package, as it was first called, as an alias of its maintained fork, and as the fork itself. */
const PACKAGES = ['opencv4nodejs', '@u4/opencv4nodejs'];
/** Its addon, in it. */
const ADDON = join('build', 'Release', 'opencv4nodejs.node');

/** Whether opencv4nodejs is installed, with its addon. */
export function isOpenCvInstalled(places: readonly string[] = packagePlaces()): boolean {
  return findAddon(places) !== undefined;
}

/**
 * The file of opencv4nodejs' addon.
 *
 * @param origin where OpenCV was asked for, for errors
 * @param places folders that the package is looked for from; default: this package, where the command runs, and what set-up
 * built
 * @throws InvalidInputError where it is not installed, with how to get it
 */
export function findOpenCv(origin: string, places: readonly string[] = packagePlaces()): string {
  const addon = findAddon(places);
  if (addon !== undefined) return addon;
  const expected =
    'one that is installed: opencv4nodejs is missing, which npm run setup:opencv builds in the checkout. Or take ffmpeg';
  throw new InvalidInputError('the image backend', 'opencv', expected, origin);
}

/**
 * The addon itself: the package's own script around it prints what it does, and looks for an OpenCV of its own.
 *
 * @param addon its file
 * @throws InvalidInputError where it cannot be loaded, or was built without the parts for images and clips
 */
export function loadOpenCv(addon: string): OpenCv {
  const mending = 'npm run setup:opencv in the checkout builds one';
  let cv: Partial<OpenCv>;
  try {
    cv = createRequire(import.meta.url)(addon);
  } catch (error) {
    const expected = `one that loads (${errorMessage(error).trim()}); ${mending}`;
    throw new InvalidInputError("opencv4nodejs' addon", addon, expected, addon, { cause: error });
  }
  if (!cv.imdecode || !cv.imencode || !cv.VideoCapture) {
    throw new InvalidInputError(
      "opencv4nodejs' addon",
      addon,
      `one with OpenCV's imgcodecs and videoio; ${mending}`,
      addon,
    );
  }
  return cv as OpenCv;
}

function packagePlaces(): string[] {
  return [dirname(fileURLToPath(import.meta.url)), join(packageRoot(), '.opencv')];
}

function findAddon(places: readonly string[]): string | undefined {
  for (const place of places) {
    const { resolve } = createRequire(join(place, 'resolve.js'));
    for (const name of PACKAGES) {
      for (const modules of resolve.paths(name) ?? []) {
        const addon = join(modules, name, ADDON);
        if (existsSync(addon)) return addon;
      }
    }
  }
  return undefined;
}
