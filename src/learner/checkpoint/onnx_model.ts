import { InvalidInputError } from '../../errors.js';
import { integerOf, ModelProto, type OnnxModel, type OnnxValueInfo } from '../../onnx/onnx_schema.js';
import type { NetworkPasses } from '../engine/engine.js';
import { type DropoutMaskShape, drawKeepMask, dropoutMaskShapes, monteCarloRuns } from '../network/dropout_masks.js';
import { parseNetworkShape } from '../network/network_shape.js';
import { EXPORTED } from '../onnx/export_graph.js';
import { isSealed } from '../onnx/model_seal.js';
import {
  type FeedTensor,
  floatResult,
  floatScalar,
  floatTensor,
  intScalar,
  maskTensor,
  openSession,
  type Session,
  type SessionOptions,
} from '../onnx/session.js';
import type { SeededRandom } from '../random/seeded_random.js';
import type { InferenceParams } from './metadata.js';

/**
 * A network from an .onnx file that `exportedGraphBytes` wrote. With the same seed it draws the same dropout masks as the
 * network that was exported.
 */
export class ExportedNetwork implements NetworkPasses {
  private plain: Promise<Session> | null = null;
  private monteCarlo: Promise<Session> | null = null;
  private readonly masks: readonly DropoutMaskShape[];

  private constructor(
    private readonly bytes: Uint8Array,
    private readonly model: OnnxModel,
    private readonly params: InferenceParams,
    private readonly options: SessionOptions,
    private readonly origin: string,
  ) {
    this.masks = masksOf(params);
  }

  /**
   * @param bytes of the file; nothing damaged reaches onnxruntime
   * @param params the metadata that belong to the file
   * @param origin the file, for errors
   * @throws InvalidInputError naming the file where it is damaged, or is not of these metadata
   */
  static async open(
    bytes: Uint8Array,
    params: InferenceParams,
    options: SessionOptions,
    origin = 'the optimized model',
  ): Promise<ExportedNetwork> {
    return new ExportedNetwork(bytes, parseExportedModel(bytes, params, origin), params, options, origin);
  }

  async passes(data: Float32Array, count: number, mcdoRepeats: number, random: SeededRandom): Promise<Float32Array> {
    const { in_channels, num_frames, num_point, num_person, classes } = this.params;
    const feeds = { [EXPORTED.data]: floatTensor(data, [count, in_channels, num_frames, num_point, num_person]) };
    if (mcdoRepeats === 0) {
      this.plain ??= openSession(this.bytes, this.options, this.origin);
      return floatResult(await (await this.plain).run(feeds), EXPORTED.logits);
    }
    this.monteCarlo ??= openSession(withoutDefaults(this.model), this.options, this.origin);
    const session = await this.monteCarlo;
    const faces = count * num_person;
    const logits = new Float32Array(mcdoRepeats * count * classes.length);
    for (const { start, repeats } of monteCarloRuns(this.masks, num_point, faces, mcdoRepeats)) {
      const dropout = { ...this.dropoutFeeds(repeats * faces, random), [EXPORTED.repeats]: intScalar(repeats) };
      const results = await session.run({ ...feeds, ...dropout });
      logits.set(floatResult(results, EXPORTED.logits), start * count * classes.length);
    }
    return logits;
  }

  async release(): Promise<void> {
    for (const session of [this.plain, this.monteCarlo]) await (await session)?.release();
    this.plain = null;
    this.monteCarlo = null;
  }

  private dropoutFeeds(faces: number, random: SeededRandom): Record<string, FeedTensor> {
    if (this.masks.length === 0) return {};
    const masks = this.masks.map((mask, layer) => {
      const { values, dims } = drawKeepMask(mask, this.params.num_point, faces, random);
      return [EXPORTED.dropoutMask(layer), maskTensor(values, dims)];
    });
    const scale = floatScalar(1 / (1 - this.params.dropout_rate));
    return { ...Object.fromEntries(masks), [EXPORTED.dropoutScale]: scale };
  }
}

/**
 * Decodes an exported model and checks that it is undamaged and what the metadata say. Only a file whose seal is whole
 * reaches onnxruntime, whose native code a damaged one might bring down.
 *
 * @throws InvalidInputError naming the file
 */
export function parseExportedModel(bytes: Uint8Array, params: InferenceParams, origin: string): OnnxModel {
  if (!isSealed(bytes)) {
    const expected = 'an undamaged one that this package exported (load the .pt of any other .onnx, and export that)';
    throw new InvalidInputError('the model', 'a file that does not end with its own SHA-256', expected, origin);
  }
  const model = ModelProto.decode(bytes) as unknown as OnnxModel;
  const { graph } = model;
  const { in_channels, num_frames, num_point, num_person, classes } = params;
  const masks = masksOf(params).map((_, layer) => EXPORTED.dropoutMask(layer));
  const scale = masks.length > 0 ? [EXPORTED.dropoutScale] : [];
  const names = graph.input.map(({ name }) => name);
  const expected = [EXPORTED.data, EXPORTED.repeats, ...scale, ...masks];
  if (names.toSorted().join() !== expected.toSorted().join()) {
    throw new InvalidInputError("the graph's inputs", names, `${expected.join(', ')}, by the metadata`, origin);
  }
  const sample = [in_channels, num_frames, num_point, num_person];
  const dims = dimsOf(graph.input.find(({ name }) => name === EXPORTED.data)!);
  if (dims.length !== 5 || dims.slice(1).join() !== sample.join()) {
    throw new InvalidInputError("data's shape", dims, `(N, ${sample.join(', ')}), as the metadata say`, origin);
  }
  const [output] = graph.output;
  const answer = output && dimsOf(output);
  if (graph.output.length !== 1 || output!.name !== EXPORTED.logits || answer!.at(-1) !== classes.length) {
    const logits = `${EXPORTED.logits} of ${classes.length} classes, as the metadata say`;
    throw new InvalidInputError("the graph's output", output && [output.name, answer], logits, origin);
  }
  return model;
}

function masksOf(params: InferenceParams): DropoutMaskShape[] {
  const { topology, block_size, in_channels, num_point, num_person, classes, dropout_rate, num_frames } = params;
  const shape = parseNetworkShape(
    {
      topology,
      blockSize: block_size,
      inChannels: in_channels,
      numPoint: num_point,
      numPerson: num_person,
      numClass: classes.length,
      dropoutRate: dropout_rate,
    },
    "the model's metadata",
  );
  return dropoutMaskShapes(shape, num_frames);
}

/** Sizes of a value's axes; null for one that is known only when the graph runs. */
function dimsOf(value: OnnxValueInfo): (number | null)[] {
  return (value.type?.tensorType?.shape?.dim ?? []).map((dim) => {
    const size = dim.dimParam ? 0 : integerOf(dim.dimValue ?? 0);
    return size === 0 ? null : size;
  });
}

/** The model with its optional inputs required: onnxruntime-node feeds no others. */
function withoutDefaults(model: OnnxModel): Uint8Array {
  const { graph } = model;
  const inputs = new Set(graph.input.map(({ name }) => name));
  const initializer = graph.initializer.filter(({ name }) => !inputs.has(name));
  return ModelProto.encode({ ...model, graph: { ...graph, initializer } }).finish();
}
