#!/usr/bin/env node
// npm run setup:pytorch: PyTorch, and LiteRT for the converted networks, in an environment of their own, for the
// tests that compare this package with them.
import { join } from 'node:path';
import { describeFailure } from './setup/command.mjs';
import { checkMachine } from './setup/machine.mjs';
import { pytorchPrefix, root } from './setup/paths.mjs';
import { makeVirtualEnvironment } from './setup/ros_wheels.mjs';
import { hashOf, step } from './setup/step.mjs';

const requirements = join(root, 'scripts', 'pytorch_requirements.txt');
const constraints = join(root, 'scripts', 'pytorch_constraints.txt');

try {
  const { python } = checkMachine();
  await step({
    name: 'pytorch',
    title: 'install PyTorch into .pytorch (about 5 GB)',
    key: hashOf([pytorchPrefix, python.executable, python.version.join('.')], [requirements, constraints]),
    outputs: [join(pytorchPrefix, 'bin', 'python')],
    run: (log) =>
      makeVirtualEnvironment({ prefix: pytorchPrefix, python, requirements: [requirements], constraints, log }),
  });
} catch (error) {
  console.error(`\nSet-up of PyTorch failed: ${describeFailure(error)}`);
  process.exitCode = 1;
}
