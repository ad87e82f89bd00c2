// Trains, evaluates, saves, builds and loads, for tests of what that prints: learn_in_process.js MODE FOLDER
import { join } from 'node:path';
import { argv } from 'node:process';
import { ProgressiveSpatioTemporalBLNLearner } from '../../../src/learner/progressive_spatio_temporal_bln_learner.js';
import { DIRECTION_CLASSES, DIRECTION_POINTS, directions } from '../../support/directions.js';

const [mode, folder] = argv.slice(2) as [string, string];
const says = { silent: mode === 'silent', verbose: mode === 'verbose' };
const learner = new ProgressiveSpatioTemporalBLNLearner({
  topology: [1],
  blockSize: 2,
  numPoint: DIRECTION_POINTS,
  numClass: 3,
  classes: [...DIRECTION_CLASSES],
  epochs: 40,
  batchSize: 15,
  numLayers: 1,
  numBlocks: 1,
  device: 'cpu',
  threads: 1,
  tempPath: folder,
});
const [training, validation] = [directions(30, 1), directions(15, 2)];
const fit = { ...says, mcdoRepeats: 2, loggingPath: folder };
await learner.fit(training, validation, fit);
await learner.save(join(folder, 'saved'), 'model', says.verbose);
if (mode === 'silent') {
  await learner.networkBuilder(training, validation, fit);
  await learner.eval(validation, { ...says, mcdoRepeats: 2 });
  await learner.load(join(folder, 'saved'), 'model', false);
  await learner.optimize(true);
  await learner.infer(validation.data, { mcdoRepeats: 2 });
}
await learner.release();
