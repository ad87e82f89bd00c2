import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelAppearance } from '../../src/learner/appearance/appearance_classifier.js';
import { writeModel } from '../../src/learner/checkpoint/model_directory.js';
import { pointCount, sampleFrames, type WindowFeatures } from '../../src/perception/window/window_features.js';
import { trainedLookingNetwork } from './networks.js';
import { schematicFace } from './schematic_face.js';

/** The categories of the untrained model. */
export const UNTRAINED_CLASSES = ['Angry', 'Happy', 'Neutral'];
/** The ages of its windows' frames, seconds. */
export const UNTRAINED_AGES_SECONDS = [0.6, 0.1, 0];

/** The extractor whose mean neutral face it knows, where it compares with a reference face: the schematic one. */
export const UNTRAINED_EXTRACTOR = 'face_api';

/**
 * Writes a small model with weights that nothing trained, for tests of what surrounds a model.
 *
 * @param appearance what the pixels of a face tell beside its landmarks
 * @returns its folder, its name, and what removes it
 */
export async function writeUntrainedModel(
  representation: WindowFeatures['representation'] = 'displacement',
  appearance: ModelAppearance | null = null,
) {
  const directory = await mkdtemp(join(tmpdir(), 'untrained_model_'));
  const features = {
    points: 'inner' as const,
    alignment: 'steady' as const,
    representation,
    mean_face: schematicFace(),
    ...(representation === 'displacement_from_reference'
      ? { reference_faces: { [UNTRAINED_EXTRACTOR]: schematicFace() } }
      : {}),
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
    classOfOutput: [],
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
    appearance,
    window: { ages_seconds: UNTRAINED_AGES_SECONDS, sequence_frames: [0, 1, 2], features },
  };
  await writeModel(directory, 'untrained', trainedLookingNetwork(shape, 5), params, {});
  return { directory, name: 'untrained', remove: () => rm(directory, { recursive: true }) };
}
