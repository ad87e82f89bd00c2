import { modelLocation } from '../../learner/checkpoint/model_location.js';
import type { PipelineSettings } from '../../pipeline/expression_pipeline.js';
import type { WorkerStart } from '../../pipeline/worker_protocol.js';
import { AUTOMATIC, type ExpressionParameters } from './expression_parameters.js';

/** What can be changed while images come in. */
export function settingsOf(parameters: ExpressionParameters): PipelineSettings {
  const { mcdo_repeats, seed, max_faces, smoothing_ms, landmark_smoothing } = parameters;
  return {
    mcdoRepeats: mcdo_repeats,
    seed: seed < 0 ? undefined : seed,
    maxFaces: max_faces,
    smoothingSeconds: smoothing_ms / 1000,
    perception: { smoothLandmarks: landmark_smoothing },
  };
}

/** What a worker with these parameters is started with. */
export function workerStartOf(parameters: ExpressionParameters): WorkerStart {
  const { model, device, landmark_extractor, shape_predictor } = parameters;
  return {
    model: modelLocation(model),
    device,
    // One: with more, onnxruntime's threads spin and take the cores from the camera and from ROS.
    threads: 1,
    landmarkExtractor: landmark_extractor,
    shapePredictor: shape_predictor === AUTOMATIC ? undefined : shape_predictor,
    settings: settingsOf(parameters),
  };
}
