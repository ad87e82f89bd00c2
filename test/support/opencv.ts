import { isOpenCvInstalled } from '../../src/camera/opencv/opencv_module.js';

/** Why tests of OpenCV cannot run here, or false where they can: for the skip of node:test. */
export const opencvMissing: string | false = !isOpenCvInstalled() && 'needs opencv4nodejs: npm run setup:opencv';
