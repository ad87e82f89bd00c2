import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { resultFileText, scorePickle, wrongFileText } from '../../../src/learner/evaluation/answer_files.js';
import { temporaryFolder } from '../../support/folders.js';
import { NO_PYTORCH, pyTorchPython } from '../../support/pytorch.js';

describe('the files of answers', () => {
  const folder = temporaryFolder();

  it("has the reference's lines", () => {
    assert.equal(wrongFileText([0, 1, 2], [0, 2, 1]), '1,2,1\n2,1,2\n');
    assert.equal(resultFileText([0, 1, 2], [0, 2, 1]), '0,0\n2,1\n1,2\n');
    assert.equal(wrongFileText([0, 1], [0, 1]), '');
  });

  it('has scores that Python unpickles', { skip: pyTorchPython() === null && NO_PYTORCH }, () => {
    const path = join(folder.path, 'scores.pkl');
    writeFileSync(path, scorePickle(['S005_Happy', 'Ä "ß"'], [Float32Array.of(0.5, -1.25, 3), [1e-30, 0, 7]]));
    const script = 'import json, pickle, sys; print(json.dumps(pickle.load(open(sys.argv[1], "rb"))))';
    const scores = JSON.parse(execFileSync(pyTorchPython()!, ['-c', script, path], { encoding: 'utf8' }));
    assert.deepEqual(scores, { S005_Happy: [0.5, -1.25, 3], 'Ä "ß"': [1e-30, 0, 7] });
  });
});
