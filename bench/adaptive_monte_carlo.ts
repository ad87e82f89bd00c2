/**
 * How often adaptive Monte Carlo dropout disagrees with 1,000 passes, and how many passes it saves, on
 * the model that comes with the package: windows of the landmark tree as they are, and with the expression made fainter
 * (landmarks between the first frame and theirs), which leaves answers less clear.
 *
 * Usage: node build/ts/bench/adaptive_monte_carlo.js TREE
 */
import { labelOf, sequenceWindow } from '../src/datasets/expression_windows.js';
import { readLandmarkTree } from '../src/datasets/landmark_tree.js';
import { viewSamples } from '../src/datasets/view_samples.js';
import { readNetworkModel } from '../src/learner/checkpoint/model_directory.js';
import { DEFAULT_MODEL, modelLocation } from '../src/learner/checkpoint/model_location.js';
import { adaptiveMonteCarlo } from '../src/learner/inference/adaptive_monte_carlo.js';
import { estimatesOf } from '../src/learner/inference/expression_estimate.js';
import { NetworkSession } from '../src/learner/inference/network_session.js';
import { SeededRandom } from '../src/learner/random/seeded_random.js';

const STRENGTHS = [1, 0.5, 0.3, 0.15];
const ERROR_PROBABILITIES = [0.1, 0.05, 0.01, 0.001];
const SEEDS = 3;
const MANY = 1000;
const REFERENCE_SEED = 1_000_001;

const tree = process.argv[2];
if (tree === undefined) throw new Error('usage: adaptive_monte_carlo.js TREE');
const { directory, name } = modelLocation(DEFAULT_MODEL);
const { state, params } = await readNetworkModel(directory, name);
const { classes, temperature, window } = params;
if (window === undefined) throw new Error('the model takes no windows');
const session = new NetworkSession(state, params.num_frames, 'stored', { device: 'cpu', threads: 1 });
const sequences = readLandmarkTree(tree);

/** Landmarks (T, 68, 2) on the way from a face (68, 2), at strength 0, to each frame of a window, at 1. */
function fainter(window: Float32Array, face: Float32Array, strength: number): Float32Array {
  return window.map((value, i) => face[i % face.length]! + strength * (value - face[i % face.length]!));
}

/** Answers of a fixed number of passes, with masks of their own for each sample. */
async function answers(data: Float32Array, count: number, repeats: number): Promise<number[]> {
  const size = data.length / count;
  const result: number[] = [];
  for (let sample = 0; sample < count; sample++) {
    const one = data.subarray(sample * size, (sample + 1) * size);
    const logits = await session.passes(one, 1, repeats, new SeededRandom(REFERENCE_SEED, sample));
    result.push(estimatesOf(logits, 1, classes, repeats, temperature)[0]!.categoryIndex);
  }
  return result;
}

for (const strength of STRENGTHS) {
  const frames = window.sequence_frames.length;
  const views = sequences.map((sequence) => {
    const ownNeutral = sequenceWindow(sequence, [0]);
    const faint = fainter(sequenceWindow(sequence, window.sequence_frames), ownNeutral, strength);
    return { extractor: 'dlib', window: faint, ownNeutral, label: labelOf(sequence, classes) };
  });
  const { data, count } = viewSamples(views, window.features, frames);
  const startedMany = performance.now();
  const many = await answers(data, count, MANY);
  const manySeconds = (performance.now() - startedMany) / 1000;
  for (const errorProbability of ERROR_PROBABILITIES) {
    let settled = 0;
    let drawn = 0;
    let different = 0;
    const started = performance.now();
    for (let seed = 0; seed < SEEDS; seed++) {
      const options = { classes, temperature, mcdoRepeats: MANY, errorProbability, seed };
      const passes = session.passes.bind(session);
      const estimates = await adaptiveMonteCarlo(passes, data, count, options);
      estimates.forEach(({ repeats, categoryIndex }, sample) => {
        drawn += repeats;
        if (repeats === MANY) return;
        settled++;
        if (categoryIndex !== many[sample]) different++;
      });
    }
    const seconds = (performance.now() - started) / 1000 / SEEDS;
    console.log(
      JSON.stringify({
        strength,
        error_probability: errorProbability,
        answers: SEEDS * count,
        settled: settled / (SEEDS * count),
        mean_passes: drawn / (SEEDS * count),
        disagreements: different,
        disagreement_rate: different / settled,
        ms_a_sample: (1000 * seconds) / count,
        ms_a_sample_1000: (1000 * manySeconds) / count,
      }),
    );
  }
}
await session.release();
