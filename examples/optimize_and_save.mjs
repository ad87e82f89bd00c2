// Makes an ONNX file of a trained model, as OpenDR's example does, and answers with it.
//
//   node examples/optimize_and_save.mjs --model ./parent_dir/pretrained_models/pretrained_pstbln
import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { ProgressiveSpatioTemporalBLNLearner } from 'facial_expression_recognition';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: './parent_dir/pretrained_models/pretrained_pstbln' },
    output: { type: 'string', default: './parent_dir/optimized_model/optimized_pstbln' },
  },
});

const learner = new ProgressiveSpatioTemporalBLNLearner();
await learner.load(dirname(values.model), basename(values.model));
await learner.optimize(true);
await learner.save(dirname(values.output), basename(values.output));

const optimized = new ProgressiveSpatioTemporalBLNLearner();
await optimized.load(dirname(values.output), basename(values.output));
const size = optimized.sampleDims.reduce((product, dim) => product * dim, 1);
const [estimate] = await optimized.infer(new Float32Array(size), { mcdoRepeats: 100 });
console.log(`a face that does not move: ${estimate.category} ${estimate.confidence.toFixed(3)}`);
await learner.release();
await optimized.release();
