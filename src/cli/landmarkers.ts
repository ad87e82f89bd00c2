import { isAbsolute, resolve } from 'node:path';
import { InvalidInputError } from '../errors.js';
import { readBoxesCsv } from '../perception/dlib/boxes_csv.js';
import { type DlibBox, landmarksInBoxes } from '../perception/dlib/landmarks_in_boxes.js';
import type { ShapePredictor } from '../perception/dlib/shape_predictor.js';
import { readShapePredictor } from '../perception/dlib/shape_predictor_file.js';
import { FaceOfSequence } from '../perception/face_of_sequence.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import type { Landmarks68 } from '../perception/landmarks/landmarks68.js';
import { loadLandmarkExtractor } from '../perception/load_landmark_extractor.js';

/** The landmarks of the face in a sequence's next image; null where there is none. */
export type NextLandmarks = (image: RgbImage, file: string) => Promise<Landmarks68 | null>;

/** Finds landmarks in sequences, one after another. */
export interface Landmarker {
  /** Begins a sequence. */
  readonly begin: () => NextLandmarks;
  readonly release: () => Promise<void>;
}

/** What finds landmarks, as the command line has it. */
export interface LandmarkerOptions {
  readonly extractor: string;
  /** dlib's model; left out, the system's. */
  readonly shapePredictor?: string | undefined;
  /** A CSV of boxes, which dlib then puts its landmarks into; left out, faces are detected. */
  readonly boxes?: string | undefined;
  readonly framesFolder: string;
}

/** What finds landmarks, with the files that it needs read: threads may have it, and share the model's memory. */
export interface LandmarkerSource {
  readonly extractor: string;
  /** dlib's model; undefined for other extractors. */
  readonly shapePredictor: ShapePredictor | undefined;
  /** By image, with its whole path; undefined where faces are detected. */
  readonly boxes: ReadonlyMap<string, readonly DlibBox[]> | undefined;
}

/**
 * Reads what a landmarker needs.
 *
 * @throws InvalidInputError where dlib's model or the boxes cannot be read, or are not for this extractor
 */
export async function readLandmarkerSource(options: LandmarkerOptions): Promise<LandmarkerSource> {
  const { extractor, shapePredictor, boxes, framesFolder } = options;
  if (extractor === 'dlib') {
    const boxesOf = boxes === undefined ? undefined : await readBoxes(boxes, framesFolder);
    return { extractor, shapePredictor: await readShapePredictor(shapePredictor), boxes: boxesOf };
  }
  if (boxes !== undefined) {
    throw new InvalidInputError('--boxes', boxes, '--extractor dlib with it', 'the command line');
  }
  return { extractor, shapePredictor: undefined, boxes: undefined };
}

/** @throws InvalidInputError where a network cannot be read */
export async function loadLandmarker({ extractor, shapePredictor, boxes }: LandmarkerSource): Promise<Landmarker> {
  if (shapePredictor !== undefined && boxes !== undefined) return boxLandmarker(shapePredictor, boxes);
  const loaded = await loadLandmarkExtractor(extractor, { shapePredictor });
  return {
    begin: () => {
      const face = new FaceOfSequence(loaded);
      return async (image: RgbImage) => (await face.next(image))?.landmarks ?? null;
    },
    release: () => loaded.release(),
  };
}

async function readBoxes(path: string, framesFolder: string): Promise<Map<string, DlibBox[]>> {
  const boxesOf = new Map<string, DlibBox[]>();
  for (const { image, box } of await readBoxesCsv(path)) {
    // Named from the folder of images, or from where the command runs.
    const files = isAbsolute(image) ? [image] : [resolve(framesFolder, image), resolve(image)];
    for (const file of new Set(files)) boxesOf.set(file, [...(boxesOf.get(file) ?? []), box]);
  }
  return boxesOf;
}

/** Of several boxes of an image, the one nearest to the box in the image before counts, in the first image the first one. */
function boxLandmarker(predictor: ShapePredictor, boxesOf: ReadonlyMap<string, readonly DlibBox[]>): Landmarker {
  return {
    begin: () => {
      let last: DlibBox | null = null;
      return async (image, file) => {
        const box = nearestBox(boxesOf.get(resolve(file)) ?? [], last);
        if (box === null) return null;
        last = box;
        return landmarksInBoxes(predictor, image, [box])[0]!;
      };
    },
    release: async () => undefined,
  };
}

function nearestBox(boxes: readonly DlibBox[], last: DlibBox | null): DlibBox | null {
  if (last === null) return boxes[0] ?? null;
  const distance = (box: DlibBox) =>
    Math.hypot(box.left + box.right - last.left - last.right, box.top + box.bottom - last.top - last.bottom);
  return boxes.reduce<DlibBox | null>(
    (best, box) => (best === null || distance(box) < distance(best) ? box : best),
    null,
  );
}
