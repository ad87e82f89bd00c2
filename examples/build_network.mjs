// Builds a network progressively on AFEW-shaped data, as OpenDR's example does, and saves it.
//
//   node examples/build_network.mjs --data ./data/AFEW_aug_data
//
// The folder holds train.npy (N, 2, T, V, 1), train_labels.pkl, val.npy and val_labels.pkl. Ctrl-C stops it; the same
// command goes on from there.
import { parseArgs } from 'node:util';
import { ExternalDataset, NpyFile, ProgressiveSpatioTemporalBLNLearner } from 'facial_expression_recognition';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: './data/AFEW_aug_data' },
    output: { type: 'string', default: './saved_models/pstbln_afew_checkpoints' },
    'temp-path': { type: 'string', default: './parent_dir' },
    epochs: { type: 'string', default: '400' },
    'num-blocks': { type: 'string', default: '10' },
    'num-layers': { type: 'string', default: '10' },
  },
});

const file = await NpyFile.open(`${values.data}/train.npy`);
const [, , , numPoint] = file.dims;
await file.close();
const learner = new ProgressiveSpatioTemporalBLNLearner({
  tempPath: values['temp-path'],
  batchSize: 64,
  epochs: Number(values.epochs),
  checkpointAfterIter: 10,
  valBatchSize: 128,
  datasetName: 'AFEW',
  experimentName: 'pstbln_afew',
  blockSize: 5,
  numBlocks: Number(values['num-blocks']),
  numLayers: Number(values['num-layers']),
  topology: [],
  layerThreshold: 1e-4,
  blockThreshold: 1e-4,
  numClass: 7,
  numPoint,
});
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());

const dataset = new ExternalDataset(values.data, 'AFEW');
const topology = await learner.networkBuilder(dataset, dataset, {
  monteCarloDropout: true,
  mcdoRepeats: 100,
  loggingPath: values['temp-path'],
  signal: interrupted.signal,
});
console.log(`topology [${topology.join(', ')}]`);

const { accuracy, report } = await learner.eval(dataset, { mcdoRepeats: 100 });
console.log(
  `accuracy ${accuracy.toFixed(4)}, expected calibration error ${report.expected_calibration_error.toFixed(4)}`,
);
await learner.save(values.output, 'test_pstbln');
await learner.release();
