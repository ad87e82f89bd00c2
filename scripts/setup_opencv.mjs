#!/usr/bin/env node
// npm run setup:opencv: opencv4nodejs on the system's OpenCV, for --image-backend opencv.
import { parseArgs } from 'node:util';
import { describeFailure } from './setup/command.mjs';
import { setUpOpenCv } from './setup/opencv.mjs';

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean' } } });
  if (values.help) {
    console.log(
      "npm run setup:opencv   opencv4nodejs on the system's OpenCV (libopencv-dev), in .opencv (50 MB, 2 minutes)",
    );
  } else {
    await setUpOpenCv();
  }
} catch (error) {
  console.error(`\nSet-up of OpenCV failed: ${describeFailure(error)}`);
  process.exitCode = 1;
}
