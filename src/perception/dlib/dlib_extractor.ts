import { FaceFollower } from '../faces/face_follower.js';
import type { RgbImage } from '../image/rgb_image.js';
import type { ImageSquare } from '../image/sample_square.js';
import type { ExtractedFace, FaceDetection, LandmarkExtractor } from '../landmarks/landmark_extractor.js';
import type { Landmarks68 } from '../landmarks/landmarks68.js';
import { closeLook, confirmFace } from '../mediapipe/close_look.js';
import { MediaPipeFaceDetector } from '../mediapipe/mediapipe_face_detector.js';
import { squareOfDetection, squareOfLandmarks, transformOfSquare } from './dlib_square.js';
import { pointsInImage, predictShape } from './predict_shape.js';
import type { ShapePredictor } from './shape_predictor.js';
import { readShapePredictor } from './shape_predictor_file.js';

/**
 * dlib's 68-point shape predictor. Faces are found by MediaPipe's detector, whose boxes are taken to where dlib's own would
 * be; the detector also says whether a face is there, as the predictor puts its points into anything.
 */
export class DlibExtractor implements LandmarkExtractor {
  readonly name = 'dlib';
  /** Scores of MediaPipe's detector, which gives none below a half. */
  readonly scoreRules = { certain: 0.6, likely: 0.5, keep: 0.5 };
  readonly #predictor: ShapePredictor;
  readonly #detector: MediaPipeFaceDetector;
  readonly #follower: FaceFollower;

  private constructor(predictor: ShapePredictor, detector: MediaPipeFaceDetector) {
    this.#predictor = predictor;
    this.#detector = detector;
    this.#follower = new FaceFollower({
      // Its error on 220 stills is the same (0.062 of the eyes' distance) after one look and after two.
      looksTwice: false,
      landmarks: (image, square) => this.#landmarks(image, square),
      ownSquare: (landmarks) => squareOfLandmarks(predictor, landmarks),
      verify: (image, landmarks) => closeLook(detector, image, landmarks),
    });
  }

  /**
   * @param shapePredictor the model, or its .dat; that of findShapePredictor by default
   * @param threads of a run of the detector
   * @param minScore above 0, below 1: the lowest score of a detection; MediaPipe's own by default
   * @throws InvalidInputError when the file is missing or damaged, or the detector cannot be read
   */
  static async load({
    shapePredictor,
    threads,
    minScore,
  }: {
    shapePredictor: string | ShapePredictor | undefined;
    threads: number;
    minScore?: number | undefined;
  }): Promise<DlibExtractor> {
    const predictor = typeof shapePredictor === 'object' ? shapePredictor : await readShapePredictor(shapePredictor);
    return new DlibExtractor(predictor, await MediaPipeFaceDetector.load(threads, minScore));
  }

  async detect(image: RgbImage, area?: ImageSquare): Promise<FaceDetection[]> {
    const detections = await this.#detector.detect(image, area);
    return detections.map((detection) => {
      const { box, score } = detection;
      return { box, score, square: squareOfDetection(detection) };
    });
  }

  extract(image: RgbImage, squares: readonly ImageSquare[]): Promise<ExtractedFace[]> {
    return this.#follower.extract(image, squares);
  }

  confirm(image: RgbImage, { landmarks }: ExtractedFace): Promise<number> {
    return confirmFace(this.#detector, image, landmarks);
  }

  release(): Promise<void> {
    return this.#detector.release();
  }

  #landmarks(image: RgbImage, square: ImageSquare): Landmarks68 {
    const transform = transformOfSquare(square);
    // dlib counts from the middle of the first pixel, all else here from its edge.
    return Float32Array.from(pointsInImage(predictShape(this.#predictor, image, transform), transform), (v) => v + 0.5);
  }
}
