import assert from 'node:assert/strict';
import { it } from 'node:test';
import { acrossExtractors } from '../../bench/across_extractors.js';
import type { HeldOutGroup } from '../../src/experiments/held_out_groups.js';

const group = (source: HeldOutGroup['source'], extractor: string, reference: 'mean' | 'own', accuracy: number) => ({
  ...{ source, extractor, reference, accuracy, mean_recall: accuracy / 2 },
  ...{ samples: 4, expected_calibration_error: 0, recall: [] },
});

it('acrossExtractors lays out sequences and stills by extractor, without those that know the own neutral face', () => {
  const groups = [
    group('sequences', 'mesh', 'mean', 0.8),
    group('sequences', 'dlib', 'own', 0.9),
    group('first_frames', 'dlib', 'mean', 0.7),
    group('sequences', 'dlib', 'mean', 0.6),
    group('stills', 'mesh', 'mean', 0.4),
  ];
  const figures = (sequences: number, stills: number | null) => ({
    sequences_accuracy: sequences,
    sequences_mean_recall: sequences / 2,
    stills_accuracy: stills,
    stills_mean_recall: stills && stills / 2,
  });
  assert.deepEqual(acrossExtractors(groups), { dlib: figures(0.6, null), mesh: figures(0.8, 0.4) });
});
