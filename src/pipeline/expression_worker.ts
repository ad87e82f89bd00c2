import { parentPort, workerData } from 'node:worker_threads';
import { errorMessage, InvalidInputError } from '../errors.js';
import { ExpressionClassifier } from '../learner/expression_classifier.js';
import { Perception } from '../perception/perception.js';
import { ExpressionPipeline } from './expression_pipeline.js';
import type { WorkerReply, WorkerRequest, WorkerStart } from './worker_protocol.js';

// The thread that sees and classifies, so that the main thread is always free for ROS. One thread for both: they take
// turns on an image anyway, and the network's own threads work while this one waits.

// One: with more, onnxruntime's threads spin and take the cores from the camera and from ROS.
const THREADS = 1;

const port = parentPort;
if (!port) throw new Error('expression_worker runs as a worker thread');

const start: WorkerStart = workerData;
const reply = (message: WorkerReply) => port.postMessage(message);

async function load(): Promise<ExpressionPipeline> {
  const { modelDirectory, modelName, device, landmarkExtractor, shapePredictor, smoothLandmarks, settings } = start;
  const perception = await Perception.load({ landmarkExtractor, shapePredictor, smoothLandmarks });
  const classifier = await ExpressionClassifier.load({
    directory: modelDirectory,
    name: modelName,
    device,
    threads: THREADS,
    landmarkExtractor,
  });
  const pipeline = new ExpressionPipeline(perception, classifier, settings);
  const { classes } = pipeline;
  reply({ kind: 'ready', classes, landmarkExtractors: classifier.landmarkExtractors });
  return pipeline;
}

async function answer(pipeline: ExpressionPipeline, request: WorkerRequest): Promise<void> {
  // Of this thread only.
  if (request.kind === 'stop') process.exit(0);
  if (request.kind === 'settings') {
    pipeline.set(request.settings);
    return;
  }
  try {
    const { image, stampSeconds, origin } = request;
    reply({ kind: 'expressions', expressions: await pipeline.process(image, stampSeconds, origin) });
  } catch (error) {
    // Anything else than a bad image is a fault of ours: it ends the thread, and with it the node.
    if (!(error instanceof InvalidInputError)) throw error;
    reply({ kind: 'refused', message: error.message });
  }
}

try {
  const pipeline = await load();
  let last = Promise.resolve();
  port.on('message', (request: WorkerRequest) => {
    last = last.then(() => answer(pipeline, request));
    last.catch((error) => {
      setImmediate(() => {
        throw error;
      });
    });
  });
} catch (error) {
  reply({ kind: 'failed', message: error instanceof InvalidInputError ? error.message : describe(error) });
}

function describe(error: unknown): string {
  return error instanceof Error && error.stack ? error.stack : errorMessage(error);
}
