import { modelLocation } from '../../learner/checkpoint/model_location.js';
import type { PipelineSettings } from '../../pipeline/expression_pipeline.js';
import type { WorkerStart } from '../../pipeline/worker_protocol.js';
import { AUTOMATIC, type ExpressionParameters } from './expression_parameters.js';

/** What can be changed while images come in. */
export function settingsOf(parameters: ExpressionParameters): PipelineSettings {
  const { monte_carlo_dropout: dropout, seed } = parameters;
  return {
    mcdoRepeats: dropout ? parameters.mcdo_repeats : 0,
    errorProbability: parameters.mcdo_error_probability,
    shareRepeats: parameters.mcdo_sharing,
    neutralOdds: parameters.neutral_odds,
    appearance: parameters.appearance,
    seed: seed < 0 ? undefined : seed,
    maxFaces: parameters.max_faces,
    smoothingSeconds: parameters.smoothing_ms / 1000,
    perception: {
      smoothLandmarks: parameters.landmark_smoothing,
      minSeenFrames: parameters.appear_after_frames,
      maxMissedFrames: parameters.leave_after_frames,
    },
  };
}

/** What a worker with these parameters is started with. */
export function workerStartOf(parameters: ExpressionParameters): WorkerStart {
  const { model, device, threads, landmark_extractor, shape_predictor, detector_threshold: threshold } = parameters;
  return {
    model: modelLocation(model),
    device,
    threads,
    landmarkExtractor: landmark_extractor,
    shapePredictor: shape_predictor === AUTOMATIC ? undefined : shape_predictor,
    detectorSize: landmark_extractor === 'face_api' ? parameters.detector_size : undefined,
    detectorThreshold: threshold === 0 ? undefined : threshold,
    settings: settingsOf(parameters),
  };
}
