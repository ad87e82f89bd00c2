#!/usr/bin/env node
import { Command } from 'commander';
import { ExpectedError, errorMessage } from '../errors.js';
import { addAnalyzeCommand } from './analyze.js';
import { addCrossValidateCommand } from './cross_validate.js';
import { addDownloadCommand } from './download.js';
import { addEvaluateCommand } from './evaluate.js';
import { addExportCommand } from './export.js';
import { addInferCommand } from './infer.js';
import { addBuildCommand, addTrainCommand } from './learn.js';
import { addPrepareCommands } from './prepare.js';
import { withoutUnderscores } from './reference_options.js';
import { addTrainAppearanceCommand } from './train_appearance.js';

const program = new Command('pstbln')
  .description(
    'Build, train, test and apply PST-BLN networks: facial expressions from landmarks, with Monte Carlo dropout confidence',
  )
  .showHelpAfterError();

addAnalyzeCommand(program);
addTrainCommand(program);
addBuildCommand(program);
addTrainAppearanceCommand(program);
addCrossValidateCommand(program);
addEvaluateCommand(program);
addInferCommand(program);
addExportCommand(program);
addDownloadCommand(program);
addPrepareCommands(program);

try {
  await program.parseAsync(withoutUnderscores(process.argv));
} catch (error) {
  // What the user can mend is said in one line; anything else is a fault of ours, whose stack helps to find it.
  const mendable = error instanceof ExpectedError || isSystemError(error);
  console.error(mendable || !(error instanceof Error) ? `pstbln: ${errorMessage(error)}` : error.stack);
  process.exitCode = 1;
}

/** Such as of a folder that may not be written to, or of a disk that is full. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
