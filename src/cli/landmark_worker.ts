import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openImageReader } from '../camera/image_backend.js';
import type { FolderFiles } from '../datasets/file_tree.js';
import type { LandmarkFrame } from '../datasets/landmark_folder.js';
import { sequenceLandmarks } from '../datasets/sequence_landmarks.js';
import { ExpectedError, errorMessage } from '../errors.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import type { LandmarkWorkerReply, LandmarkWorkerRequest, LandmarkWorkerStart } from './landmark_worker_protocol.js';
import { type Landmarker, loadLandmarker } from './landmarkers.js';

// A thread that finds the landmarks of sequences: engines work on the thread that asks them, so that one thread keeps one
// core busy. It writes nothing.

const port = parentPort;
if (!port) throw new Error('landmark_worker runs as a worker thread of prepare landmarks');

const start: LandmarkWorkerStart = workerData;
const stopping = new AbortController();
const reply = (message: LandmarkWorkerReply) => port.postMessage(message);

async function landmarksOf(landmarker: Landmarker, { folder, names }: FolderFiles): Promise<LandmarkFrame[]> {
  const { framesFolder, reader, missing, width } = start;
  const { signal } = stopping;
  const files = names.map((name) => join(framesFolder, folder, name));
  const images = openImageReader(reader).readImages(files, framesFolder, signal);
  const next = landmarker.begin();
  let seen = 0;
  const nextLandmarks = (image: RgbImage, file: string) => {
    signal.throwIfAborted();
    reply({ kind: 'share', share: seen++ / files.length });
    return next(image, file);
  };
  return sequenceLandmarks(images, nextLandmarks, missing, width);
}

/** Replies with what the work gives, or with what was wrong with its input; a fault of ours ends the thread. */
async function answer(work: () => Promise<LandmarkWorkerReply>): Promise<void> {
  try {
    reply(await work());
  } catch (error) {
    if (stopping.signal.aborted) return;
    if (!(error instanceof ExpectedError)) throw error;
    reply({ kind: 'refused', message: errorMessage(error) });
  }
}

let landmarker: Landmarker | undefined;
let last = answer(async () => {
  landmarker = await loadLandmarker(start.source);
  return { kind: 'ready' };
});

port.on('message', (request: LandmarkWorkerRequest) => {
  if (request.kind === 'stop') {
    stopping.abort();
    // Of this thread only, and once no child process of it is left.
    last = last.then(() => process.exit(0));
  } else {
    last = last.then(() =>
      answer(async () => ({ kind: 'landmarks', frames: await landmarksOf(landmarker!, request.sequence) })),
    );
  }
});
