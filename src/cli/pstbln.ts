#!/usr/bin/env node
import { Command } from 'commander';
import { errorMessage, InvalidInputError } from '../errors.js';
import { DownloadError } from '../learner/download/fetch_file.js';
import { addCrossValidateCommand } from './cross_validate.js';
import { addDownloadCommand } from './download.js';
import { addEvaluateCommand } from './evaluate.js';
import { addExportCommand } from './export.js';
import { addInferCommand } from './infer.js';
import { addBuildCommand, addTrainCommand } from './learn.js';

const program = new Command('pstbln')
  .description(
    'Build, train, test and apply PST-BLN networks: facial expressions from landmarks, with Monte Carlo dropout confidence',
  )
  .showHelpAfterError();

addTrainCommand(program);
addBuildCommand(program);
addCrossValidateCommand(program);
addEvaluateCommand(program);
addInferCommand(program);
addExportCommand(program);
addDownloadCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  // What the user can mend is said in one line; anything else is a fault of ours, whose stack helps to find it.
  console.error(
    error instanceof InvalidInputError || error instanceof DownloadError
      ? `pstbln: ${error.message}`
      : error instanceof Error
        ? error.stack
        : errorMessage(error),
  );
  process.exitCode = 1;
}
