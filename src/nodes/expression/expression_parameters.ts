import { DEFAULT_MODEL } from '../../learner/checkpoint/model_location.js';
import {
  DEFAULT_LANDMARK_EXTRACTOR,
  LOADABLE_EXTRACTOR_NAMES,
} from '../../perception/landmarks/landmark_extractor_name.js';
import { DEVICES } from '../../pipeline/worker_protocol.js';
import {
  booleanParameter,
  choiceParameter,
  integerParameter,
  type ParameterValues,
  textParameter,
} from '../parameters/parameter_spec.js';

/** The value of shape_predictor that stands for the system's own file. */
export const AUTOMATIC = 'auto';

/** The parameters of expression_node. */
export const EXPRESSION_PARAMETERS = {
  autostart: booleanParameter(
    true,
    'Whether the node configures and activates itself when it starts; false: it waits for a lifecycle manager, or for ros2 lifecycle set.',
    { changeable: 'never' },
  ),
  model: textParameter(
    DEFAULT_MODEL,
    'The model: FOLDER/NAME of the files NAME.json and NAME.pt, or the bare NAME of one of the models that come with this package.',
    { changeable: 'unless active' },
  ),
  landmark_extractor: choiceParameter(
    DEFAULT_LANDMARK_EXTRACTOR,
    LOADABLE_EXTRACTOR_NAMES,
    'What finds faces and their landmarks; the model should have been trained for it, else the node warns.',
    { changeable: 'unless active' },
  ),
  shape_predictor: textParameter(
    AUTOMATIC,
    "For the landmark_extractor dlib: the file of dlib's 68-point model, shape_predictor_68_face_landmarks.dat; auto: the system's, which Debian's libdlib-data installs.",
    { changeable: 'unless active' },
  ),
  landmark_smoothing: booleanParameter(
    false,
    'Whether the landmarks of each face are filtered over time (One Euro filter): steadier, and a little later.',
  ),
  device: choiceParameter(
    'cpu',
    DEVICES,
    'Where the model runs; auto: CUDA where it is to be had, else the processor. The landmarks always run on the processor.',
    { changeable: 'unless active' },
  ),
  mcdo_repeats: integerParameter(
    100,
    [0, 1000],
    'Monte Carlo dropout repeats for each face of each image; 0: one pass without dropout, so without spread.',
  ),
  seed: integerParameter(
    -1,
    [-1, 2 ** 31 - 1],
    'Seed of the dropout masks, which are then the same for every image; -1: other masks for every image.',
  ),
  max_faces: integerParameter(8, [1, 64], 'Faces that are followed at once at most.'),
  smoothing_ms: integerParameter(
    250,
    [0, 10000],
    'Time constant in milliseconds of the smoothing of each face over time; 0: every image for itself. Larger: steadier categories, later.',
  ),
  reliability: choiceParameter(
    'auto',
    ['auto', 'reliable', 'best_effort'],
    'Reliability of the image subscription. best_effort reaches every camera but loses large images while the machine is busy; reliable gets nothing from a best-effort camera; auto: reliable as soon as every publisher on the topic is, else best_effort.',
    { changeable: 'unless active' },
  ),
};

/** Their values. */
export type ExpressionParameters = ParameterValues<typeof EXPRESSION_PARAMETERS>;
