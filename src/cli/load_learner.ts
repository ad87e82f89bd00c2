import { modelLocation } from '../learner/checkpoint/model_location.js';
import { deviceSchema } from '../learner/onnx/device.js';
import { ProgressiveSpatioTemporalBLNLearner } from '../learner/progressive_spatio_temporal_bln_learner.js';
import { parseOptions } from '../options.js';

/** What the flags of a command that applies a model say. */
export interface ModelFlags {
  readonly model: string;
  readonly seed: number;
  readonly device: string;
}

/** A learner with the model that the flags name; the caller releases it. */
export async function loadLearner(flags: ModelFlags): Promise<ProgressiveSpatioTemporalBLNLearner> {
  const device = parseOptions(deviceSchema, flags.device, '--device');
  const learner = new ProgressiveSpatioTemporalBLNLearner({ device, seed: flags.seed });
  const { directory, name } = modelLocation(flags.model);
  await learner.load(directory, name);
  return learner;
}
