import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { FailureRecord } from '../../../src/nodes/diagnostics/failure_record.js';
import type { ExpressionCondition } from '../../../src/nodes/expression/expression_condition.js';
import {
  EXPRESSION_PARAMETERS,
  type ExpressionParameters,
} from '../../../src/nodes/expression/expression_parameters.js';
import { expressionStatuses } from '../../../src/nodes/expression/expression_statuses.js';
import { ImageStatistics, STAGES } from '../../../src/nodes/expression/image_statistics.js';
import type { ModelFacts } from '../../../src/pipeline/worker_protocol.js';
import { page, table } from '../../docs/markdown.js';

const parameters = Object.fromEntries(
  Object.entries(EXPRESSION_PARAMETERS).map(([name, { defaultValue }]) => [name, defaultValue]),
) as ExpressionParameters;
const facts: ModelFacts = { classes: ['Happy', 'Sad'], landmarkExtractors: [], device: 'cpu' };
const worker = { facts, isRunning: true, restarts: 0, heapBytes: 16e6 };
const use = { residentBytes: 264e6, heapBytes: 19e6, processorPercent: 13 };
const none = { received: 0, processed: 0, dropped: 0, lost: 0, skipped: 0, refused: 0 };

describe('expressionStatuses', () => {
  let time = 0;
  let statistics: ImageStatistics;
  let failures: FailureRecord;
  beforeEach(() => {
    time = 0;
    statistics = new ImageStatistics(() => time);
    failures = new FailureRecord(() => time);
  });

  const stampCounts = { late: 1, repeated: 2, jumpsBack: 3, jumpsForward: 4, unstamped: 5 };
  const condition = (changes: Partial<ExpressionCondition> = {}): ExpressionCondition => ({
    ...{ state: 'active', parameters, failures, worker, topic: '/image', idle: undefined, silence: undefined },
    ...{ counts: none, stampCounts, statistics, lastRefusal: undefined, faces: 1 },
    ...changes,
  });
  const statuses = (of: ExpressionCondition) => {
    const list = expressionStatuses(of, statistics.recent(of.counts), use);
    return Object.fromEntries(list.map((status) => [status.part, status]));
  };
  /** An image that took 1 to 7 milliseconds in the stages, 40 in all. */
  const process = () =>
    statistics.add(
      {
        ...{
          faces: [],
          width: 640,
          height: 480,
          perceptionMilliseconds: 12,
          decodingMilliseconds: 3,
          detectionMilliseconds: 4,
        },
        inferenceMilliseconds: 6,
      },
      { facts, waitingMilliseconds: 2, workingMilliseconds: 30, workerHeapBytes: 0 },
      40,
    );

  it('tell that all is well, with rates and times', () => {
    statistics.recent(none);
    for (let image = 0; image < 300; image++) {
      time += 1000 / 30;
      process();
    }
    const {
      state,
      model,
      images,
      times,
      process: ofProcess,
    } = statuses(condition({ counts: { ...none, received: 300, processed: 300 } }));
    assert.deepEqual(
      [state, model, images, times, ofProcess].map((status) => [status?.level, status?.message]),
      [
        ['OK', 'The node is active.'],
        ['OK', 'expressions on cpu, landmarks of face_mesh_attention'],
        ['OK', '30.0 images a second in, 30.0 processed'],
        ['OK', "From an image's stamp to the answer 40.0 ms (median), 99 % within 40.0 ms"],
        ['OK', '264 MB of memory, 13 % of a core'],
      ],
    );
    const medians = STAGES.map((stage) => times?.values[`${stage} p50 (ms)`]);
    assert.deepEqual(medians, [8, 2, 3, 4, 5, 6, 40]);
    const stamps = ['late', 'of a repeated stamp', 'times that stamps went back', 'times that stamps jumped forward'];
    assert.deepEqual(
      [...stamps, 'without a stamp'].map((name) => images?.values[name]),
      [1, 2, 3, 4, 5],
    );
  });

  it('have the values and stages that are documented', () => {
    process();
    const documented = table(page('docs/ros.md'), 'diagnostic value');
    const given = Object.values(statuses(condition()))
      .filter(({ part }) => part !== 'times')
      .flatMap(({ part, values }) => Object.keys(values).map((name) => [name, part]));
    assert.deepEqual(
      documented.map(([name, part]) => [name, part]),
      given,
    );
    assert.deepEqual(
      table(page('docs/ros.md'), 'stage').map(([name]) => name),
      STAGES,
    );
  });

  it('reckon rates from the last ten seconds', () => {
    let received = 0;
    for (let second = 0; second <= 60; second++) {
      time = second * 1000;
      // 30 a second, and for the last ten seconds 10.
      received += second === 0 ? 0 : second <= 50 ? 30 : 10;
      const { images } = statuses(condition({ counts: { ...none, received } }));
      if (second === 50) assert.equal(images?.values['rate in (Hz)'], 30);
      if (second === 60) assert.equal(images?.values['rate in (Hz)'], 10);
    }
  });

  it('warn of dropped and refused images, and of silence', () => {
    const after = (counts: object, changes: Partial<ExpressionCondition> = {}) => {
      statistics.recent(none);
      time += 10_000;
      return statuses(condition({ counts: { ...none, ...counts }, ...changes })).images;
    };
    const lossy = after({ received: 60, processed: 60, lost: 40 });
    assert.equal(lossy?.level, 'WARN');
    assert.equal(lossy?.values['lost before they arrived'], 40);
    statistics = new ImageStatistics(() => time);
    const slow = after({ received: 100, processed: 70, dropped: 30 });
    assert.equal(slow?.level, 'WARN');
    assert.match(slow!.message, /10.0 images a second in, 7.0 processed: the machine is too slow for 30 % of them/);
    statistics = new ImageStatistics(() => time);
    assert.equal(after({ received: 100, processed: 90, dropped: 10 })?.level, 'OK');
    statistics = new ImageStatistics(() => time);
    const refused = after({ received: 100, refused: 100 }, { lastRefusal: 'step is 1' });
    assert.deepEqual(
      [refused?.level, refused?.message],
      ['WARN', '100 images were refused in the last 10 s: step is 1'],
    );
    const silence = 'No image on /image for 7 s: nobody publishes there.';
    assert.deepEqual([after({}, { silence })?.level, after({}, { silence })?.message], ['ERROR', silence]);
  });

  it('find nothing wrong with a node that is not to work, and times stale where one should', () => {
    const idle = 'No images are taken: the node is inactive.';
    const all = statuses(condition({ state: 'inactive', idle }));
    for (const { part, level } of Object.values(all)) assert.equal(level, 'OK', part);
    assert.equal(all.images?.message, idle);
    assert.equal(statuses(condition()).times?.level, 'STALE');
  });

  it('tell why the node is not at work, for as long as that is so', () => {
    failures.stop('Failed to configure: no model');
    time = 3_600_000;
    const without = condition({ state: 'unconfigured', worker: undefined, idle: 'No images are taken.' });
    const { state, model } = statuses(without);
    assert.deepEqual(
      [state?.level, state?.message],
      ['ERROR', 'The node is unconfigured: Failed to configure: no model'],
    );
    assert.deepEqual([model?.level, model?.message], ['OK', 'No model is loaded: the node is unconfigured.']);
  });

  it('warn for a minute of what went wrong, and while a worker is replaced', () => {
    failures.note('Another worker is started, since the worker broke');
    const broken = statuses(condition({ worker: { ...worker, isRunning: false, restarts: 1 } }));
    assert.deepEqual([broken.state?.level, broken.images?.level], ['WARN', 'WARN']);
    assert.equal(broken.state?.values['replaced workers'], 1);
    assert.equal(statuses(condition()).state?.level, 'WARN');
    time = 60_000;
    const { state } = statuses(condition());
    assert.deepEqual([state?.level, state?.values.failures], ['OK', 1]);
    assert.match(String(state?.values['last failure']), /Another worker/);
    failures.note('an output failed');
    assert.equal(statuses(condition()).state?.level, 'WARN');
    failures.resume();
    assert.equal(statuses(condition()).state?.level, 'OK');
  });

  it('warn of a model that was not trained for the landmarks that it gets', () => {
    const trained = { ...facts, landmarkExtractors: ['dlib'] };
    const { model } = statuses(condition({ worker: { ...worker, facts: trained } }));
    assert.equal(model?.level, 'WARN');
    assert.match(model!.message, /trained for landmarks of dlib/);
  });
});
