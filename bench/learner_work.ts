import { argv } from 'node:process';
import { NetworkSession } from '../src/learner/inference/network_session.js';
import { initialiseNetwork } from '../src/learner/network/network_state.js';
import { SeededRandom } from '../src/learner/random/seeded_random.js';
import { TrainingSession } from '../src/learner/training/training_session.js';

/** A work that is done with this package and with PyTorch. */
export interface LearnerWork {
  /** 'pass': without dropout; 'monte_carlo': `repeats` passes with dropout, in PyTorch one after the other. */
  readonly kind: 'training_step' | 'pass' | 'monte_carlo';
  readonly topology: readonly number[];
  readonly blockSize: number;
  /** T. */
  readonly frames: number;
  /** V. */
  readonly points: number;
  /** N. */
  readonly samples: number;
  readonly classes: number;
  readonly dropoutRate: number;
  readonly repeats: number;
  readonly threads: number;
  /** How long it is measured at least. */
  readonly seconds: number;
}

/** What one process measured. */
export interface Measurement {
  /** Of each time that the work was done, warm. */
  readonly milliseconds: readonly number[];
  /** Largest resident set of the process. */
  readonly peakMegabytes: number;
}

const IN_CHANNELS = 2;
const WARM_UP = 2;
const LEAST = 3;
/** Those of the reference's recipe. */
const OPTIMIZER = { name: 'sgd', nesterov: true, momentum: 0.9, weightDecay: 1e-4 } as const;
const LEARNING_RATE = 0.01;

async function measure(work: LearnerWork): Promise<Measurement> {
  const once = await prepare(work);
  for (let i = 0; i < WARM_UP; i++) await once();
  const milliseconds: number[] = [];
  const start = performance.now();
  while (milliseconds.length < LEAST || performance.now() - start < 1000 * work.seconds) {
    const before = performance.now();
    await once();
    milliseconds.push(performance.now() - before);
  }
  return { milliseconds, peakMegabytes: process.resourceUsage().maxRSS / 1024 };
}

async function prepare(work: LearnerWork): Promise<() => Promise<unknown>> {
  const { kind, topology, blockSize, frames, points, samples, classes, dropoutRate, repeats, threads } = work;
  const shape = {
    topology: [...topology],
    blockSize,
    inChannels: IN_CHANNELS,
    numPoint: points,
    numPerson: 1,
    numClass: classes,
    classOfOutput: [],
    dropoutRate,
  };
  const state = initialiseNetwork(shape, 1);
  const random = new SeededRandom(2);
  const data = new Float32Array(samples * IN_CHANNELS * frames * points).map(() => random.normal());
  const session = { device: 'cpu', threads } as const;
  if (kind !== 'training_step') {
    const network = new NetworkSession(state, frames, 'stored', session);
    return () => network.passes(data, samples, kind === 'monte_carlo' ? repeats : 0, random);
  }
  const targets = new Float32Array(samples * classes);
  for (let n = 0; n < samples; n++) targets[n * classes + (n % classes)] = 1;
  const batch = { data, targets, sampleWeights: new Float32Array(samples).fill(1 / samples), count: samples };
  const training = await TrainingSession.open(state, frames, OPTIMIZER, session);
  return () => training.step(batch, LEARNING_RATE, random);
}

process.stdout.write(JSON.stringify(await measure(JSON.parse(argv[2]!) as LearnerWork)));
