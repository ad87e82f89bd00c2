import { layerShapes, type NetworkShape, outputCount } from './network_shape.js';

/** How a parameter is drawn before training; standard deviations as in the original. */
export type Initialisation =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal'; readonly standardDeviation: number };

/** One trained tensor of the network. */
export interface ParameterEntry {
  /** Its key in PyTorch's state_dict. */
  readonly name: string;
  readonly dims: readonly number[];
  /** First element within the flat parameter vector. */
  readonly offset: number;
  readonly length: number;
  readonly initialisation: Initialisation;
}

/** The running statistics of one batch normalization: mean at `offset`, variance at `offset + length`. */
export interface StatisticsEntry {
  /** The key's prefix in the state_dict, such as `layers.l0.tcn.bn`. */
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * Where every tensor of a network lies in two flat vectors: the trained parameters, and the running statistics of the
 * batch normalizations. Flat vectors let one graph node update all of them, and one buffer hold a checkpoint.
 */
export class ParameterLayout {
  readonly parameters: readonly ParameterEntry[];
  readonly statistics: readonly StatisticsEntry[];
  readonly parameterCount: number;
  readonly statisticsCount: number;
  private readonly byName: ReadonlyMap<string, ParameterEntry>;
  private readonly statisticsByName: ReadonlyMap<string, StatisticsEntry>;

  constructor(readonly shape: NetworkShape) {
    const layout = new LayoutWriter();
    writeNetwork(layout, shape);
    this.parameters = layout.parameters;
    this.statistics = layout.statistics;
    this.parameterCount = layout.parameterCount;
    this.statisticsCount = layout.statisticsCount;
    this.byName = new Map(this.parameters.map((entry) => [entry.name, entry]));
    this.statisticsByName = new Map(this.statistics.map((entry) => [entry.name, entry]));
  }

  /** undefined where the network has no such parameter. */
  findParameter(name: string): ParameterEntry | undefined {
    return this.byName.get(name);
  }

  /** undefined where the network has no such batch normalization. */
  findStatistics(batchNormName: string): StatisticsEntry | undefined {
    return this.statisticsByName.get(batchNormName);
  }

  parameter(name: string): ParameterEntry {
    const entry = this.byName.get(name);
    if (entry === undefined) throw new RangeError(`the network has no parameter ${name}`);
    return entry;
  }

  statisticsOf(batchNormName: string): StatisticsEntry {
    const entry = this.statisticsByName.get(batchNormName);
    if (entry === undefined) throw new RangeError(`the network has no batch normalization ${batchNormName}`);
    return entry;
  }
}

/** Kernel of the temporal convolution, in frames. */
export const TEMPORAL_KERNEL = 9;
/** Graphs of a bilinear layer. */
export const GRAPHS = 3;

const SMALL = 1e-6;

function writeNetwork(layout: LayoutWriter, shape: NetworkShape): void {
  const { numPoint: points } = shape;
  layout.batchNorm('data_bn', shape.numPerson * points * shape.inChannels, 1);
  let channels = shape.inChannels;
  for (const layer of layerShapes(shape)) {
    const { inChannels: input, outChannels: output } = layer;
    const prefix = `layers.${layer.name}`;
    layout.parameter(`${prefix}.bln.rand_graph`, [GRAPHS, points, points], { kind: 'constant', value: SMALL });
    for (let graph = 0; graph < GRAPHS; graph++) {
      layout.convolution(
        `${prefix}.bln.g_conv.${graph}`,
        [output, input, 1, 1],
        Math.sqrt(2 / (output * input * GRAPHS)),
      );
    }
    layout.batchNorm(`${prefix}.bln.bn`, output, SMALL);
    if (input !== output) {
      layout.convolution(`${prefix}.bln.bln_residual.0`, [output, input, 1, 1], kaimingFanOut(output, 1));
      layout.batchNorm(`${prefix}.bln.bln_residual.1`, output, 1);
    }
    const kernel = [output, output, TEMPORAL_KERNEL, 1];
    layout.convolution(`${prefix}.tcn.t_conv`, kernel, kaimingFanOut(output, TEMPORAL_KERNEL));
    layout.batchNorm(`${prefix}.tcn.bn`, output, 1);
    if (layer.residual === 'convolution') {
      layout.convolution(`${prefix}.residual.t_conv`, [output, input, 1, 1], kaimingFanOut(output, 1));
      layout.batchNorm(`${prefix}.residual.bn`, output, 1);
    }
    channels = output;
  }
  const outputs = outputCount(shape);
  const standardDeviation = Math.sqrt(2 / outputs);
  layout.parameter('fc.weight', [outputs, channels], { kind: 'normal', standardDeviation });
  layout.parameter('fc.bias', [outputs], { kind: 'constant', value: 0 });
}

/** Standard deviation of Kaiming's normal initialisation, fan out (He et al. 2015, equation 14). */
function kaimingFanOut(outChannels: number, kernel: number): number {
  return Math.sqrt(2 / (outChannels * kernel));
}

class LayoutWriter {
  readonly parameters: ParameterEntry[] = [];
  readonly statistics: StatisticsEntry[] = [];
  parameterCount = 0;
  statisticsCount = 0;

  parameter(name: string, dims: readonly number[], initialisation: Initialisation): void {
    const length = dims.reduce((product, size) => product * size, 1);
    this.parameters.push({ name, dims, offset: this.parameterCount, length, initialisation });
    this.parameterCount += length;
  }

  convolution(name: string, dims: readonly number[], standardDeviation: number): void {
    this.parameter(`${name}.weight`, dims, { kind: 'normal', standardDeviation });
    this.parameter(`${name}.bias`, [dims[0]!], { kind: 'constant', value: 0 });
  }

  batchNorm(name: string, channels: number, weight: number): void {
    this.parameter(`${name}.weight`, [channels], { kind: 'constant', value: weight });
    this.parameter(`${name}.bias`, [channels], { kind: 'constant', value: 0 });
    this.statistics.push({ name, offset: this.statisticsCount, length: channels });
    this.statisticsCount += 2 * channels;
  }
}
