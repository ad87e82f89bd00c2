import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { extractorWarning } from '../../src/pipeline/extractor_warning.js';

describe('extractorWarning', () => {
  it('names the model, what it was trained for and what was chosen', () => {
    const warning = extractorWarning('models/mine', ['dlib', 'face_api'], 'face_mesh');
    assert.match(
      warning!,
      /models\/mine was trained for landmarks of dlib, face_api, but landmark_extractor is face_mesh,/,
    );
  });

  it('says nothing where the model was trained for it, or where that is not known', () => {
    assert.equal(extractorWarning('models/mine', ['dlib', 'face_mesh'], 'face_mesh'), undefined);
    assert.equal(extractorWarning('models/mine', [], 'face_mesh'), undefined);
  });
});
