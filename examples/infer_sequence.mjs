// Fetches AFEW's test data and answers its first sequence, as OpenDR's example does.
//
//   node examples/infer_sequence.mjs --model ./saved_models/pstbln_afew_checkpoints/test_pstbln --url ftp://HOST/FOLDER
//
// Without --url the data come from OpenDR's server. What is there already is not fetched again.
import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { ProgressiveSpatioTemporalBLNLearner, readNpy } from 'facial_expression_recognition';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: './saved_models/pstbln_afew_checkpoints/test_pstbln' },
    path: { type: 'string', default: './data/afew' },
    url: { type: 'string' },
  },
});

const learner = new ProgressiveSpatioTemporalBLNLearner({ datasetName: 'AFEW', numClass: 7 });
await learner.load(dirname(values.model), basename(values.model));
const { dims, values: samples } = readNpy(await learner.download(values.path, 'test_data', true, values.url));

const first = samples.subarray(0, samples.length / dims[0]);
const [estimate] = await learner.infer(first, { monteCarloDropout: true, mcdoRepeats: 100 });
const spread = estimate.std[estimate.categoryIndex];
console.log(`${estimate.category}: ${estimate.confidence.toFixed(3)} +- ${spread.toFixed(3)}`);
console.log(`mutual information ${estimate.mutualInformation.toFixed(3)} nats`);
await learner.release();
