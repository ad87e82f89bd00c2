import type { Command } from 'commander';
import type { Workplace } from '../experiments/recipe_learner.js';
import { engineNameSchema } from '../learner/engine/engine.js';
import { deviceSchema } from '../learner/onnx/device.js';
import { parseOptions } from '../options.js';
import { wholeNumber } from './arguments.js';

/** Flags of where and how a command works. */
export interface DeviceFlags {
  readonly engine: string;
  readonly device: string;
  readonly threads: number;
}

/** `DeviceFlags`, and those of a command that learns. */
export interface WorkplaceFlags extends DeviceFlags {
  readonly tempPath: string;
  readonly loggingPath?: string;
  readonly checkpointAfter: number;
  readonly silent?: boolean;
}

/** Adds the flags of `DeviceFlags` to a command. */
export function addDeviceFlags(command: Command): Command {
  return command
    .option('--engine <name>', 'onnxruntime or tensorflow', 'onnxruntime')
    .option('--device <name>', 'cpu, cuda, webgpu or auto', 'auto')
    .option('--threads <n>', 'threads on the processor; 0: all cores', wholeNumber(0), 0);
}

/** Adds the flags of `WorkplaceFlags` to a command. */
export function addWorkplaceFlags(command: Command): Command {
  return addDeviceFlags(command)
    .option('--temp-path <folder>', 'folder of checkpoints', 'temp')
    .option('--logging-path <folder>', 'folder of log.txt and of TensorBoard files; left out: none are written')
    .option('--checkpoint-after <epochs>', 'epochs between checkpoints; 0: none but at Ctrl-C', wholeNumber(0), 0)
    .option('--silent', 'print no progress');
}

/** @throws InvalidInputError naming the flag that is wrong */
export function deviceOf({ engine, device, threads }: DeviceFlags): Pick<Workplace, 'engine' | 'device' | 'threads'> {
  return {
    engine: parseOptions(engineNameSchema, engine, '--engine'),
    device: parseOptions(deviceSchema, device, '--device'),
    threads,
  };
}

/** Where and how a command that learns works. @param signal ends it when aborted */
export function workplaceOf(flags: WorkplaceFlags, signal: AbortSignal): Workplace {
  return {
    ...deviceOf(flags),
    tempPath: flags.tempPath,
    loggingPath: flags.loggingPath ?? '',
    checkpointAfterIter: flags.checkpointAfter,
    resumeEpoch: 0,
    silent: flags.silent ?? false,
    signal,
  };
}
