import { DEFAULT_MODEL } from '../../learner/checkpoint/model_location.js';
import {
  DEFAULT_LANDMARK_EXTRACTOR,
  LOADABLE_EXTRACTOR_NAMES,
} from '../../perception/landmarks/landmark_extractor_name.js';
import { SEED_RANGE, SHARED_SETTINGS } from '../../pipeline/shared_settings.js';
import { DEVICES } from '../../pipeline/worker_protocol.js';
import {
  booleanParameter,
  choiceParameter,
  decimalParameter,
  integerParameter,
  type ParameterValues,
  textParameter,
  topicParameter,
} from '../parameters/parameter_spec.js';
import { IMAGE_TRANSPORTS } from './image_transport.js';

/** The value of shape_predictor that stands for the system's own file. */
export const AUTOMATIC = 'auto';

/** A worker has to be started for these. */
const NEEDS_WORKER = { changeable: 'unless active' } as const;

const { mcdoRepeats, maxFaces, smoothingMs } = SHARED_SETTINGS;

/** The parameters of expression_node. */
export const EXPRESSION_PARAMETERS = {
  autostart: booleanParameter(
    true,
    'Whether the node configures and activates itself when it starts; false: it waits for a lifecycle manager, or for ros2 lifecycle set.',
    { changeable: 'never', more: 'ros.md#its-states' },
  ),
  model: textParameter(
    DEFAULT_MODEL,
    'The model: FOLDER/NAME of the files NAME.json and NAME.pt, or the bare NAME of one of the models that come with this package. While the node is active, ~/load_model loads another.',
    NEEDS_WORKER,
  ),
  device: choiceParameter(
    'cpu',
    DEVICES,
    'Where the model runs; auto: CUDA where it is to be had, else the processor. The landmarks always run on the processor.',
    NEEDS_WORKER,
  ),
  threads: integerParameter(
    1,
    [1, 64],
    'Threads of each run of a network. More than 1 rarely gain anything for networks so small, and take the cores from the camera and from ROS.',
    NEEDS_WORKER,
  ),
  landmark_extractor: choiceParameter(
    DEFAULT_LANDMARK_EXTRACTOR,
    LOADABLE_EXTRACTOR_NAMES,
    'What finds faces and their landmarks; the model should have been trained for it, else the node warns.',
    { ...NEEDS_WORKER, more: 'ros.md#what-finds-the-landmarks' },
  ),
  shape_predictor: textParameter(
    AUTOMATIC,
    "For the landmark_extractor dlib: the file of dlib's 68-point model, shape_predictor_68_face_landmarks.dat; auto: the system's, which Debian's libdlib-data installs.",
    { ...NEEDS_WORKER, more: 'landmarks.md#dlib' },
  ),
  detector_size: integerParameter(
    320,
    [96, 1024, 32],
    "For the landmark_extractor face_api: pixels of the square that its detector scales an image into, a multiple of 32; larger finds smaller faces, and takes longer. The others' detector has one size.",
    NEEDS_WORKER,
  ),
  detector_threshold: decimalParameter(
    0,
    [0, 0.99],
    "Score below which the detector's answer is no face; 0: the extractor's own, 0.5 (face_api 0.3).",
    NEEDS_WORKER,
  ),
  landmark_smoothing: booleanParameter(
    false,
    'Whether the landmarks of each face are filtered over time (One Euro filter): steadier, and a little later.',
  ),
  appearance: booleanParameter(
    true,
    'Whether the pixels of each face count beside its landmarks, where the model goes by them, as the default one does; false: its landmarks alone, which is faster.',
    { more: 'live.md#pixels-beside-landmarks' },
  ),
  max_faces: integerParameter(maxFaces.defaultValue, maxFaces.range, 'Faces that are followed at once at most.'),
  appear_after_frames: integerParameter(
    1,
    [1, 100],
    'Processed images in which a face must have been seen before it is told of; more: fewer false faces.',
  ),
  leave_after_frames: integerParameter(
    10,
    [0, 300],
    'Processed images in a row in which a face may be missed and still keeps its track_id.',
  ),
  monte_carlo_dropout: booleanParameter(
    true,
    'Whether dropout is on, so that the answers have a spread; false: one pass without dropout, whatever mcdo_repeats says.',
    { more: 'ros.md#how-sure-it-is' },
  ),
  mcdo_repeats: integerParameter(
    mcdoRepeats.defaultValue,
    mcdoRepeats.range,
    'Monte Carlo dropout repeats for each face of each image; 0: one pass without dropout, so without spread.',
  ),
  mcdo_error_probability: decimalParameter(
    0,
    [0, 0.5],
    'Above 0: repeats end once the category is settled but for this probability, at mcdo_repeats at the latest; 0: always all.',
    { more: 'uncertainty.md#as-many-repeats-as-an-answer-needs' },
  ),
  mcdo_sharing: booleanParameter(
    true,
    'Whether the images of a face share their repeats: each draws as few, 25 at least, as make the smoothed answer as precise as a single one of mcdo_repeats; false: all for every image. Not where a seed or mcdo_error_probability is set.',
    { more: 'uncertainty.md#repeats-that-images-share' },
  ),
  seed: integerParameter(
    -1,
    SEED_RANGE,
    'Seed of the dropout masks, which are then the same for every image; -1: other masks for every image.',
  ),
  min_confidence: decimalParameter(
    0,
    [0, 1],
    'Confidence below which the category is told as "uncertain", so that nobody acts on it; 0: never.',
    { more: 'ros.md#when-category-is-uncertain' },
  ),
  neutral_odds: decimalParameter(
    2,
    [0.01, 100],
    'What the odds of Neutral are multiplied by: faces before a camera rest more often than those of training data. Squared while the own face of a person is unknown, and to the power of 2.8 where pixels are seen, so 2 is 7 times, at first 48. What cannot be seen of a face goes to Neutral so much more, too. 1: as trained.',
    { more: 'live.md#how-often-faces-rest' },
  ),
  smoothing_ms: integerParameter(
    smoothingMs.defaultValue,
    smoothingMs.range,
    'Time constant in milliseconds of the smoothing of each face over time; 0: every image for itself. Larger: steadier categories, later. A change is for faces that appear after it.',
    { more: 'live.md#steady-categories' },
  ),
  max_rate_hz: decimalParameter(
    0,
    [0, 1000],
    'Images that are processed in a second of their stamps at most; the others are skipped. 0: all that the machine can.',
  ),
  lazy: booleanParameter(
    true,
    'Whether images are taken only while somebody listens to what is published about them, so that the node costs next to nothing otherwise; false: always.',
    { more: 'ros.md#only-while-somebody-listens' },
  ),
  image_transport: choiceParameter(
    'auto',
    IMAGE_TRANSPORTS,
    'Which images are taken: raw ones of image, or compressed ones (JPEG, PNG) of image/compressed, named as image_transport does; auto: raw ones where somebody publishes them, else compressed ones.',
    { ...NEEDS_WORKER, more: 'ros.md#compressed-images' },
  ),
  sixteen_bit_depth: integerParameter(
    16,
    [8, 16],
    'Bits that a camera uses of images of two bytes a sample (mono16, bayer_rggb16, rgb16, ...): 10, 12 or 14 for one that leaves the upper ones at 0, whose images are nearly black otherwise.',
    { more: 'ros.md#encodings' },
  ),
  publish_annotated_image: booleanParameter(
    true,
    'Whether each processed image is published with its faces drawn in, while somebody listens there: ~/annotated_image and ~/annotated_image/compressed.',
    { more: 'ros.md#annotated-images' },
  ),
  annotated_image_quality: integerParameter(
    80,
    [1, 100],
    'Quality of the JPEG on ~/annotated_image/compressed: larger is better, and more bytes.',
  ),
  publish_diagnostics: booleanParameter(
    true,
    'Whether the node tells how it is on /diagnostics once a second, while somebody listens there.',
    { more: 'ros.md#diagnostics' },
  ),
  publish_opendr: booleanParameter(
    true,
    "Whether the category is published as OpenDR's node does, about the largest face: vision_msgs/ObjectHypothesis (where that package is installed) and std_msgs/String.",
    { more: 'opendr.md#from-its-ros-2-node' },
  ),
  opendr_category_topic: topicParameter(
    '/opendr/landmark_expression_recognition',
    "The topic of OpenDR's vision_msgs/ObjectHypothesis.",
  ),
  opendr_description_topic: topicParameter(
    '/opendr/landmark_expression_recognition_description',
    "The topic of OpenDR's std_msgs/String.",
  ),
  publish_vision_msgs: booleanParameter(
    true,
    'Whether the faces are published as vision_msgs/Detection2DArray on ~/detections, where that package is installed.',
    { more: 'ros.md#what-it-publishes' },
  ),
  publish_hri: booleanParameter(
    true,
    'Whether the faces are published as REP 155 says (/humans/faces/...), where hri_msgs is installed. One node of a robot should do it.',
    { more: 'ros.md#rep-155' },
  ),
  publish_markers: booleanParameter(
    true,
    'Whether the faces are published as visualization_msgs/MarkerArray on ~/markers, for RViz and Foxglove.',
    { more: 'ros.md#markers' },
  ),
  reliability: choiceParameter(
    'auto',
    ['auto', 'reliable', 'best_effort'],
    'Reliability of the image subscription. best_effort reaches every camera but loses large images while the machine is busy; reliable gets nothing from a best-effort camera; auto: reliable as soon as every publisher on the topic is, else best_effort.',
    { ...NEEDS_WORKER, more: 'ros.md#how-images-arrive' },
  ),
  depth: integerParameter(
    1,
    [1, 100],
    'Images that wait in the queue of the subscription at most. The newest image is the one that is processed next in any case.',
    NEEDS_WORKER,
  ),
};

/** Their values. */
export type ExpressionParameters = ParameterValues<typeof EXPRESSION_PARAMETERS>;
