import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { appearanceEvidence } from '../../../src/learner/inference/appearance_evidence.js';
import { APPEARANCE_CLASSES } from '../../../src/perception/appearance/expression_network.js';

const CLASSES = ['Contempt', 'Happy', 'Fear', 'Neutral'];
const sure = (name: string) => Float32Array.from(APPEARANCE_CLASSES, (each) => (each === name ? 1 : 0));

describe('appearanceEvidence', () => {
  it('is for what the network says, against the rest, and silent about a class that it does not know', () => {
    for (const name of ['Happy', 'Fear', 'Neutral']) {
      const evidence = appearanceEvidence(sure(name), CLASSES, 0.5)!;
      assert.equal(evidence[0], null);
      CLASSES.forEach((each, k) => {
        if (each !== 'Contempt') assert.equal(evidence[k]! > 1, each === name, `${each} where it says ${name}`);
      });
    }
  });

  it('counts by the square at twice the weight, and not at all at none', () => {
    const half = appearanceEvidence(sure('Happy'), CLASSES, 0.5)!;
    appearanceEvidence(sure('Happy'), CLASSES, 1)!.forEach((likelihood, k) => {
      if (likelihood !== null) assert.ok(Math.abs(likelihood - half[k]! ** 2) < 1e-9);
    });
    assert.equal(appearanceEvidence(sure('Happy'), CLASSES, 0), undefined);
    for (const nothing of [null, undefined]) assert.equal(appearanceEvidence(nothing, CLASSES, 0.5), undefined);
  });

  it('says more of a class that the network names seldom', () => {
    const [, , fear] = appearanceEvidence(sure('Fear'), CLASSES, 0.5)!;
    const [, , , neutral] = appearanceEvidence(sure('Neutral'), CLASSES, 0.5)!;
    assert.ok(fear! > 1.2 * neutral!);
  });
});
