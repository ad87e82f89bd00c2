import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/package_root.js';

/** The Python that has PyTorch: of `npm run setup:pytorch`, or named by FER_PYTORCH_PYTHON. */
export function pyTorchPython(): string | null {
  const named = process.env.FER_PYTORCH_PYTHON;
  const own = join(packageRoot(), '.pytorch', 'bin', 'python');
  return named ?? (existsSync(own) ? own : null);
}

export const NO_PYTORCH = 'needs PyTorch: npm run setup:pytorch';
export const NO_TENSORBOARD = 'needs TensorBoard: npm run setup:pytorch';
export const NO_ONNX = "needs Python's onnx: npm run setup:pytorch";

/** Whether that Python has a module. */
export function hasPythonModule(name: string): boolean {
  const python = pyTorchPython();
  if (python === null) return false;
  const find = `import importlib.util, sys; sys.exit(importlib.util.find_spec('${name}') is None)`;
  return spawnSync(python, ['-c', find]).status === 0;
}

/** Runs a script of the tests with PyTorch and parses the JSON that it prints. */
export function runPyTorch<Answer>(script: string, args: readonly string[]): Answer {
  const path = join(packageRoot(), 'test', script);
  return JSON.parse(execFileSync(pyTorchPython()!, [path, ...args], { encoding: 'utf8' })) as Answer;
}
