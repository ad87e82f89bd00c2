import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: the folder of package.json. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** All that set-up makes for ROS; git-ignored. */
export const rosFolder = join(root, '.ros');

/** The virtual environment with ROS 2 Kilted's wheels, which is an ament prefix too. */
export const wheelsPrefix = join(rosFolder, 'kilted');

/** The ament prefix of our own package. */
export const installPrefix = join(rosFolder, 'install');

/** The build folder of our interfaces. */
export const interfacesBuild = join(rosFolder, 'build');

/** The virtual environment with a static ffmpeg, where ROS 2 is a sourced one and no ffmpeg is on PATH. */
export const toolsPrefix = join(rosFolder, 'tools');

/** The static ffmpeg, where set-up had to install one: the camera's frame source looks for it here. */
export const ffmpegLink = join(rosFolder, 'bin', 'ffmpeg');

/** Clips of real faces for the demo. */
export const demoFolder = join(rosFolder, 'demo');

/** One log file a step. */
export const logFolder = join(rosFolder, 'log');

/** One stamp file a step. */
export const stampFolder = join(rosFolder, 'stamps');

/** @param {string[]} parts @returns {string} a path inside node_modules/rclnodejs */
export const inRclnodejs = (...parts) => join(root, 'node_modules', 'rclnodejs', ...parts);

/** The virtual environment with PyTorch, for the tests and benchmarks that compare with it. */
export const pytorchPrefix = join(root, '.pytorch');

/** TensorFlow.js on libtensorflow, for the engine 'tensorflow': .tensorflow/cpu and .tensorflow/gpu. */
export const tensorFlowFolder = join(root, '.tensorflow');

/** opencv4nodejs on the system's OpenCV, for --image-backend opencv. */
export const opencvFolder = join(root, '.opencv');
