import { createHash } from 'node:crypto';
import type { ParsedFitOptions, ParsedLearnerOptions } from '../options.js';
import { type SampleSource, sampleSize } from '../samples.js';

/** All that the result of building follows from, so that another run does not go on from its record. */
export async function buildingRun(
  options: ParsedLearnerOptions,
  fit: ParsedFitOptions,
  training: SampleSource,
  validation: SampleSource | null,
): Promise<Record<string, unknown>> {
  const {
    tempPath: _tempPath,
    device: _device,
    threads: _threads,
    numWorkers: _numWorkers,
    deviceIndices: _deviceIndices,
    checkpointAfterIter: _after,
    checkpointLoadIter: _load,
    startEpoch: _start,
    topology: _topology,
    ...deciding
  } = options;
  const { momentum, nesterov, weightDecay } = fit;
  return {
    ...deciding,
    momentum,
    nesterov,
    weightDecay,
    trainingData: await digestOf(training),
    validationData: validation && (await digestOf(validation)),
  };
}

/** Samples that a digest looks at. */
const DIGEST_SAMPLES = 64;

/** A short name for data: of their size, all labels, and samples spread evenly over them. */
async function digestOf(source: SampleSource): Promise<string> {
  const { dims, labels, count } = source;
  const chosen = Array.from({ length: Math.min(DIGEST_SAMPLES, count) }, (_, i) =>
    Math.floor((i * count) / Math.min(DIGEST_SAMPLES, count)),
  );
  const data = new Float32Array(chosen.length * sampleSize(dims));
  await source.gather(chosen, data);
  const hash = createHash('sha256').update(JSON.stringify([dims, count]));
  for (const { buffer, byteOffset, byteLength } of [labels, data]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex').slice(0, 16);
}
