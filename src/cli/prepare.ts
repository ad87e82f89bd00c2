import type { Command } from 'commander';
import { addAfewCommand } from './prepare_afew.js';
import { addAugmentCommand } from './prepare_augment.js';
import { addFoldsCommand } from './prepare_folds.js';
import { addFramesCommand } from './prepare_frames.js';
import { addInspectCommand } from './prepare_inspect.js';
import { addLandmarksCommand } from './prepare_landmarks.js';
import { addMusclesCommand } from './prepare_muscles.js';

/** Adds `pstbln prepare` with its commands. */
export function addPrepareCommands(program: Command): void {
  const prepare = program
    .command('prepare')
    .description(
      'make training data: clips to frames, landmarks, samples and folds; the options of OpenDR are understood',
    );
  addFramesCommand(prepare);
  addLandmarksCommand(prepare);
  addFoldsCommand(prepare);
  addAfewCommand(prepare);
  addAugmentCommand(prepare);
  addMusclesCommand(prepare);
  addInspectCommand(prepare);
}
