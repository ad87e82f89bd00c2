#!/usr/bin/env node
// npm run setup:tensorflow: TensorFlow.js on libtensorflow for the engine 'tensorflow'.
// npm run setup:tensorflow -- --gpu: the same for a GPU.
import { parseArgs } from 'node:util';
import { describeFailure } from './setup/command.mjs';
import { setUpTensorFlow } from './setup/tensorflow.mjs';

try {
  const { values } = parseArgs({ options: { gpu: { type: 'boolean', default: false }, help: { type: 'boolean' } } });
  if (values.help) {
    console.log(
      'npm run setup:tensorflow            TensorFlow.js on libtensorflow, in .tensorflow/cpu (about 2 GB)\n' +
        'npm run setup:tensorflow -- --gpu   the same for an NVIDIA GPU, in .tensorflow/gpu (about 8 GB)',
    );
  } else {
    await setUpTensorFlow(values.gpu ? 'gpu' : 'cpu');
  }
} catch (error) {
  console.error(`\nSet-up of TensorFlow failed: ${describeFailure(error)}`);
  process.exitCode = 1;
}
