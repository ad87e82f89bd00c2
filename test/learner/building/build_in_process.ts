import { ProgressiveSpatioTemporalBLNLearner } from '../../../src/learner/progressive_spatio_temporal_bln_learner.js';
import { DIRECTION_CLASSES, DIRECTION_POINTS, directions } from '../../support/directions.js';

/** Builds in a process that may be killed; the argument is the temporary path. */
const learner = new ProgressiveSpatioTemporalBLNLearner({
  blockSize: 2,
  numPoint: DIRECTION_POINTS,
  numClass: 3,
  classes: [...DIRECTION_CLASSES],
  epochs: 40,
  batchSize: 20,
  lr: 0.05,
  numLayers: 3,
  numBlocks: 3,
  blockThreshold: 0.001,
  layerThreshold: 0.001,
  device: 'cpu',
  threads: 1,
  seed: 3,
  tempPath: process.argv[2]!,
  experimentName: 'built',
});
await learner.networkBuilder(directions(60, 1), directions(30, 2), { silent: true, weightDecay: 1e-3, mcdoRepeats: 5 });
await learner.release();
