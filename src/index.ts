export { InvalidInputError } from './errors.js';
export { decodeImage, type EncodedImage } from './perception/image/decode_image.js';
export type { RgbImage } from './perception/image/rgb_image.js';
export { Perception, type PerceptionOptions, type TrackedFace } from './perception/perception.js';
export { LandmarkWindow, type LandmarkWindowOptions } from './perception/window/landmark_window.js';
