export { type DatasetFiles, ExternalDataset } from './datasets/external_dataset.js';
export { type Labels, labelBytes, readLabels } from './datasets/label_file.js';
export {
  type LandmarkFrames,
  type LandmarkSource,
  type Recording,
  readLandmarkSources,
} from './datasets/landmark_sources.js';
export { type LandmarkSequence, readLandmarkTree } from './datasets/landmark_tree.js';
export { type NpyArray, npyBytes, readNpy } from './datasets/npy.js';
export { NpyFile } from './datasets/npy_file.js';
export { type FileSampleSource, openSampleSource, type Sample, sampleSourceOf } from './datasets/sample_source.js';
export { InvalidInputError } from './errors.js';
export {
  type AppearanceClassifier,
  appearanceProbabilities,
  type ModelAppearance,
} from './learner/appearance/appearance_classifier.js';
export type { BuildCandidate } from './learner/building/candidate.js';
export { fitTemperature, type LabelledLogits } from './learner/calibration/temperature.js';
export type { Dataset, TrainingDataset } from './learner/dataset.js';
export {
  type DownloadControl,
  type DownloadOptions,
  download,
  OPENDR_SERVER_URL,
} from './learner/download/download.js';
export { DownloadError, type DownloadProgress } from './learner/download/fetch_file.js';
export type { CalibrationBin } from './learner/evaluation/calibration_bins.js';
export type { ClassificationReport } from './learner/evaluation/classification_report.js';
export type { CoveragePoint } from './learner/evaluation/coverage_curve.js';
export type { EvalResults } from './learner/evaluation/evaluate_network.js';
export {
  type EvaluationReport,
  type EvaluationReportOptions,
  evaluationReport,
  type UncertaintyAuroc,
} from './learner/evaluation/evaluation_report.js';
export { type ClassifyOptions, ExpressionClassifier } from './learner/expression_classifier.js';
export {
  ExpressionTracks,
  type FaceOfTrack,
  type TrackExpression,
  type TrackOptions,
} from './learner/expression_tracks.js';
export type { ExpressionEstimate } from './learner/inference/expression_estimate.js';
export type { WindowDescription } from './learner/model_holder.js';
export type { Device } from './learner/onnx/device.js';
export type {
  CalibrateOptions,
  EvalOptions,
  FitOptions,
  InferOptions,
  LearnerOptions,
  NetworkBuilderOptions,
} from './learner/options.js';
export {
  type FitResult,
  type OnEpoch,
  ProgressiveSpatioTemporalBLNLearner,
} from './learner/progressive_spatio_temporal_bln_learner.js';
export { type EpochSource, inMemory, type SampleDims, type SampleSource, type Samples } from './learner/samples.js';
export type { EpochRecord } from './learner/training/training_run.js';
export { type Appearance, FaceAppearance } from './perception/appearance/face_appearance.js';
export { type DlibBox, landmarksInBoxes } from './perception/dlib/landmarks_in_boxes.js';
export type { ShapePredictor } from './perception/dlib/shape_predictor.js';
export { readShapePredictor } from './perception/dlib/shape_predictor_file.js';
export { decodeCompressedImage } from './perception/image/decode_compressed_image.js';
export { decodeImage } from './perception/image/decode_image.js';
export type { CompressedImage, EncodedImage } from './perception/image/encoded_image.js';
export type { GreyImage } from './perception/image/grey_image.js';
export type { RgbImage } from './perception/image/rgb_image.js';
export type { LandmarkExtractor } from './perception/landmarks/landmark_extractor.js';
export type { LoadableExtractorName } from './perception/landmarks/landmark_extractor_name.js';
export type { Landmarks68 } from './perception/landmarks/landmarks68.js';
export { landmarksOfStill, type StillFace } from './perception/landmarks_of_still.js';
export { loadLandmarkExtractor } from './perception/load_landmark_extractor.js';
export { meanLandmarksOfStill } from './perception/looks_at_still.js';
export { Perception } from './perception/perception.js';
export type { PerceptionOptions } from './perception/perception_options.js';
export { reliabilityOfStill } from './perception/reliability/face_reliability.js';
export type { TrackedFace } from './perception/tracked_face.js';
export {
  LandmarkWindow,
  type LandmarkWindowOptions,
  type ResampledLandmarks,
} from './perception/window/landmark_window.js';
export { mostUncertain } from './report/most_uncertain.js';
export type { ReportData, ReportEpoch, ReportExample, ReportFold, ReportGroup } from './report/report_data.js';
export { reportHtml } from './report/report_html.js';
