import { ReusedArrays } from '../image/reused_arrays.js';
import type { RgbImage } from '../image/rgb_image.js';
import { type ImageSquare, sampleSquare } from '../image/sample_square.js';
import type { ExtractedFace, FaceDetection, LandmarkExtractor } from '../landmarks/landmark_extractor.js';
import { confirmFace } from './close_look.js';
import { cornerAligned } from './corner_aligned.js';
import { type FaceMeshNetwork, MESH_POINTS, openFaceMeshNetwork } from './face_mesh_network.js';
import { MediaPipeFaceDetector } from './mediapipe_face_detector.js';
import { type FaceMesh, landmarksOfMesh, squareAroundMesh } from './mesh_landmarks.js';

/** Pixels a sample stands for at most. MediaPipe never averages: up to here the points agree with its own within 0.1 % of the eyes' distance. */
const MAX_STEP = 4;

/** MediaPipe's face detector and face mesh, as MediaPipe runs them. */
export class FaceMeshExtractor implements LandmarkExtractor {
  readonly name: 'face_mesh' | 'face_mesh_attention';
  /** The mesh's own flag: MediaPipe's threshold. */
  readonly scoreRules = { certain: 0.5, likely: 0.5, keep: 0.5 };
  readonly #detector: MediaPipeFaceDetector;
  readonly #network: FaceMeshNetwork;
  readonly #inputs: ReusedArrays;

  private constructor(name: FaceMeshExtractor['name'], detector: MediaPipeFaceDetector, network: FaceMeshNetwork) {
    this.name = name;
    this.#detector = detector;
    this.#network = network;
    this.#inputs = new ReusedArrays(network.inputSize ** 2 * 3);
  }

  /**
   * @param attention the mesh that looks at eyes and lips once more
   * @param threads of a run
   * @param minScore above 0, below 1: the lowest score of a detection; MediaPipe's own by default
   * @throws InvalidInputError when the networks cannot be read
   */
  static async load({
    attention,
    threads,
    minScore,
  }: {
    attention: boolean;
    threads: number;
    minScore?: number | undefined;
  }): Promise<FaceMeshExtractor> {
    const detector = await MediaPipeFaceDetector.load(threads, minScore);
    try {
      const network = await openFaceMeshNetwork({ attention, threads });
      return new FaceMeshExtractor(attention ? 'face_mesh_attention' : 'face_mesh', detector, network);
    } catch (error) {
      await detector.release();
      throw error;
    }
  }

  detect(image: RgbImage, area?: ImageSquare): Promise<FaceDetection[]> {
    return this.#detector.detect(image, area);
  }

  async extract(image: RgbImage, squares: readonly ImageSquare[]): Promise<ExtractedFace[]> {
    const faces: ExtractedFace[] = [];
    // One by one: on two cores a batch takes as long, and every other size of it is planned anew by the engine.
    for (const square of squares) faces.push(await this.#extractOne(image, square));
    return faces;
  }

  async #extractOne(image: RgbImage, square: ImageSquare): Promise<ExtractedFace> {
    const size = this.#network.inputSize;
    const sampling = { border: 'edge', range: [0, 1], maxStep: MAX_STEP } as const;
    const { points, flags } = await this.#inputs.lend((target) => {
      sampleSquare(image, cornerAligned(square, size), size, { ...sampling, target });
      return this.#network.run(target, 1);
    });
    const mesh = meshInImage(points, square, size);
    return { landmarks: landmarksOfMesh(mesh), mesh, score: flags[0]!, square: squareAroundMesh(mesh) };
  }

  confirm(image: RgbImage, { landmarks }: ExtractedFace): Promise<number> {
    return confirmFace(this.#detector, image, landmarks);
  }

  async release(): Promise<void> {
    await Promise.all([this.#detector.release(), this.#network.release()]);
  }
}

/** Takes points (468, 3) from pixels of a square's input to those of the image. */
function meshInImage(points: Float32Array, { centerX, centerY, side, roll }: ImageSquare, size: number): FaceMesh {
  const scale = side / size;
  const cos = Math.cos(roll) * scale;
  const sin = Math.sin(roll) * scale;
  const mesh = new Float32Array(MESH_POINTS * 3);
  for (let at = 0; at < mesh.length; at += 3) {
    const u = points[at]! - size / 2;
    const v = points[at + 1]! - size / 2;
    mesh[at] = centerX + cos * u - sin * v;
    mesh[at + 1] = centerY + sin * u + cos * v;
    mesh[at + 2] = points[at + 2]! * scale;
  }
  return mesh;
}
