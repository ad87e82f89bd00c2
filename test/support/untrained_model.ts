import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeModel } from '../../src/learner/checkpoint/model_directory.js';
import { pointCount, sampleFrames } from '../../src/perception/window/window_features.js';
import { trainedLookingNetwork } from './networks.js';

/** The categories of the untrained model. */
export const UNTRAINED_CLASSES = ['Angry', 'Happy', 'Neutral'];
/** The ages of its windows' frames, seconds. */
export const UNTRAINED_AGES_SECONDS = [0.6, 0.1, 0];

/**
 * Writes a small model with weights that nothing trained, for tests of what surrounds a model.
 *
 * @returns its folder, its name, and what removes it
 */
export async function writeUntrainedModel() {
  const directory = await mkdtemp(join(tmpdir(), 'untrained_model_'));
  const features = {
    points: 'inner' as const,
    alignment: 'steady' as const,
    representation: 'displacement' as const,
    mean_face: schematicFace(),
  };
  const numPoint = pointCount(features);
  const topology = [2, 1];
  const shape = {
    topology,
    blockSize: 3,
    inChannels: 2,
    numPoint,
    numPerson: 1,
    numClass: UNTRAINED_CLASSES.length,
    dropoutRate: 0.2,
  };
  const params = {
    classes: UNTRAINED_CLASSES,
    block_size: 3,
    topology,
    in_channels: 2,
    num_frames: sampleFrames(features, UNTRAINED_AGES_SECONDS.length),
    num_point: numPoint,
    num_person: 1,
    dataset_name: 'none',
    dropout_rate: 0.2,
    temperature: 1,
    window: { ages_seconds: UNTRAINED_AGES_SECONDS, sequence_frames: [0, 1, 2], features },
  };
  await writeModel(directory, 'untrained', trainedLookingNetwork(shape, 5), params, {});
  return { directory, name: 'untrained', remove: () => rm(directory, { recursive: true }) };
}

/** Landmarks (68, 2) of a drawn face whose eyes' outer corners are 1 apart. */
function schematicFace(): number[] {
  const points: [x: number, y: number][] = [];
  const arc = (count: number, cx: number, cy: number, rx: number, ry: number, from: number, to: number) => {
    for (let n = 0; n < count; n++) {
      const angle = from + (n / Math.max(1, count - 1)) * (to - from);
      points.push([cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)]);
    }
  };
  arc(17, 0, 0.1, 0.8, 1.1, Math.PI, 0);
  arc(5, -0.37, -0.2, 0.28, 0.1, Math.PI, 2 * Math.PI);
  arc(5, 0.37, -0.2, 0.28, 0.1, Math.PI, 2 * Math.PI);
  for (let n = 0; n < 4; n++) points.push([0, n * 0.13]);
  arc(5, 0, 0.48, 0.18, 0.08, Math.PI, 0);
  for (const cx of [-0.34, 0.34]) arc(6, cx, 0, 0.16, 0.06, Math.PI, (8 / 3) * Math.PI);
  arc(12, 0, 0.8, 0.3, 0.12, Math.PI, (17 / 6) * Math.PI);
  arc(8, 0, 0.8, 0.22, 0.05, Math.PI, (11 / 4) * Math.PI);
  const width = Math.hypot(points[45]![0] - points[36]![0], points[45]![1] - points[36]![1]);
  return points.flatMap(([x, y]) => [x / width, y / width]);
}
