import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { describeError, InvalidInputError } from '../errors.js';
import { ExpressionClassifier } from '../learner/expression_classifier.js';
import { resolveDevice } from '../learner/onnx/device.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import { Perception } from '../perception/perception.js';
import { annotate } from './annotation.js';
import { ExpressionPipeline, type FaceExpression } from './expression_pipeline.js';
import type {
  AnnotationRequest,
  ModelFacts,
  ModelPlace,
  WorkerReply,
  WorkerRequest,
  WorkerStart,
} from './worker_protocol.js';

// The thread that sees and classifies, so that the main thread is always free for ROS. One thread for both: they take
// turns on an image anyway, and the network's own threads work while this one waits.

const port = parentPort;
if (!port) throw new Error('expression_worker runs as a worker thread of expression_node');

const start: WorkerStart = workerData;
const reply = (message: WorkerReply) => port.postMessage(message);

function loadClassifier({ directory, name }: ModelPlace): Promise<ExpressionClassifier> {
  const { device, threads, landmarkExtractor } = start;
  return ExpressionClassifier.load({ directory, name, device, threads, landmarkExtractor });
}

async function factsOf({ classes, landmarkExtractors }: ExpressionClassifier): Promise<ModelFacts> {
  return { classes, landmarkExtractors, device: await resolveDevice(start.device, 'the parameter device') };
}

async function load(): Promise<ExpressionPipeline> {
  const { model, device: _, settings, ...extractor } = start;
  const perception = await Perception.load(extractor);
  const classifier = await loadClassifier(model);
  const pipeline = new ExpressionPipeline(perception, classifier, settings);
  reply({ kind: 'ready', facts: await factsOf(classifier) });
  return pipeline;
}

async function answer(pipeline: ExpressionPipeline, request: Exclude<WorkerRequest, { kind: 'model' }>): Promise<void> {
  switch (request.kind) {
    case 'settings':
      pipeline.set(request.settings);
      return;
    case 'reset':
      pipeline.reset();
      reply({ kind: 'reset' });
      return;
    case 'stop':
      await annotating;
      await pipeline.release();
      // Of this thread only.
      process.exit(0);
      return;
    case 'image':
      await answerImage(pipeline, request);
  }
}

/** While an image is drawn and encoded: there is no hurry with the next one then. */
let annotating: Promise<void> | undefined;

async function sendAnnotated(
  image: RgbImage,
  faces: readonly FaceExpression[],
  { idOffset, ...wish }: AnnotationRequest,
): Promise<void> {
  try {
    const named = faces.map((face) => ({ ...face, trackId: face.trackId + idOffset }));
    const annotated = await annotate(image, named, wish);
    const transfer = annotated.pixels ? [annotated.pixels.data.buffer as ArrayBuffer] : [];
    port!.postMessage({ kind: 'annotated', annotated } satisfies WorkerReply, transfer);
  } catch (error) {
    reply({ kind: 'annotation_failed', message: describeError(error) });
  }
}

async function answerImage(
  pipeline: ExpressionPipeline,
  { image: encoded, stampSeconds, origin, annotation }: WorkerRequest & { kind: 'image' },
): Promise<void> {
  try {
    const { expressions, image } = await pipeline.process(encoded, stampSeconds, origin);
    const isAnnotated = annotation !== undefined && annotating === undefined;
    reply({ kind: 'expressions', expressions, heapBytes: getHeapStatistics().used_heap_size, isAnnotated });
    // Beside the next image, but for the drawing.
    if (isAnnotated)
      annotating = sendAnnotated(image, expressions.faces, annotation).finally(() => (annotating = undefined));
  } catch (error) {
    // Anything else than a bad image is a fault of ours: it ends the thread, and the node starts another.
    if (!(error instanceof InvalidInputError)) throw error;
    reply({ kind: 'refused', message: error.message });
  }
}

try {
  const pipeline = await load();
  let last = Promise.resolve();
  const afterOthers = (work: () => Promise<void>) => {
    last = last.then(work);
    last.catch((error) => {
      setImmediate(() => {
        throw error;
      });
    });
  };
  let loading = Promise.resolve();
  port.on('message', (request: WorkerRequest) => {
    if (request.kind !== 'model') {
      afterOthers(() => answer(pipeline, request));
      return;
    }
    // Images go on to the old model while the new one is loaded; several are loaded in the order of the requests.
    loading = loading
      .then(() => loadClassifier(request.model))
      .then(
        (classifier) =>
          afterOthers(async () => {
            await pipeline.replaceClassifier(classifier);
            reply({ kind: 'model', facts: await factsOf(classifier) });
          }),
        (error) => afterOthers(async () => reply({ kind: 'model_failed', message: describeError(error) })),
      );
  });
} catch (error) {
  reply({ kind: 'failed', message: describeError(error) });
}
