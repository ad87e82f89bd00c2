import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../src/errors.js';
import { type ModelFile, readModelFile } from '../../src/perception/mediapipe/model_files.js';
import { convertToOnnx } from '../../src/tflite/convert_to_onnx.js';
import { readTfliteModel, type TfliteModel, type TfliteOperator } from '../../src/tflite/tflite_model.js';
import { facesMissing, middleSquare, readFaces, squareInput } from '../support/face_inputs.js';
import { temporaryFolder } from '../support/folders.js';
import { hasLiteRt, NO_LITERT, runLiteRt } from '../support/litert.js';
import { assertClose, runConverted, withNumberedTensors } from '../support/tflite.js';

const MODELS: readonly { file: ModelFile; size: number; range: readonly [number, number] }[] = [
  { file: 'face_detection_short_range', size: 128, range: [-1, 1] },
  { file: 'face_landmark', size: 192, range: [0, 1] },
];

/** The operations of the two models; MediaPipe's own, in the third, LiteRT does not know. */
const OPERATIONS = [
  'ADD',
  'CONCATENATION',
  'CONV_2D',
  'DEPTHWISE_CONV_2D',
  'MAX_POOL_2D',
  'PAD',
  'PRELU',
  'RELU',
  'RESHAPE',
];

function open(file: ModelFile): { bytes: Uint8Array; model: TfliteModel } {
  const { bytes, origin } = readModelFile(file);
  return { bytes, model: readTfliteModel(bytes, origin) };
}

/** What an operation reads that is neither held by the file nor widened from that. */
function computedInputs({ tensors, operators }: TfliteModel, { inputs }: TfliteOperator): number[] {
  const widened = new Set(operators.filter(({ name }) => name === 'DEQUANTIZE').flatMap(({ outputs }) => outputs));
  return inputs.filter((index) => index !== -1 && tensors[index]!.data.length === 0 && !widened.has(index));
}

describe('a converted model', { skip: facesMissing || (!hasLiteRt() && NO_LITERT) }, () => {
  const folder = temporaryFolder();
  const seen = new Set<string>();

  for (const { file, size, range } of MODELS) {
    it(`computes in every operation what LiteRT does of the same inputs (${file})`, async () => {
      const { bytes, model } = open(file);
      const numbered = withNumberedTensors(model);
      for (const { name: face, image } of readFaces().slice(0, 2)) {
        const input = squareInput(image, middleSquare(image), size, range);
        const tensors = new Map(
          runLiteRt(folder.path, bytes, input, 'all').map(({ index, values }) => [index, values]),
        );
        for (const operator of model.operators.filter(({ name }) => name !== 'DEQUANTIZE')) {
          const inputs = computedInputs(model, operator);
          const output = operator.outputs[0]!;
          const operators = model.operators.filter((other) => other.name === 'DEQUANTIZE' || other === operator);
          const piece = { ...numbered, inputs, outputs: [output], operators };
          const given = inputs.map((index) => tensors.get(index)!);
          const found = (await runConverted(piece, [String(output)], given)).get(String(output))!;
          assertClose(found, tensors.get(output)!, `${operator.name} at position ${operator.position}, ${face}`);
          seen.add(operator.name);
        }
      }
    });

    it(`gives LiteRT's results for real faces (${file})`, async () => {
      const { bytes, model } = open(file);
      const names = model.outputs.map((index) => model.tensors[index]!.name);
      for (const { name: face, image } of readFaces()) {
        const input = squareInput(image, middleSquare(image), size, range);
        const found = await runConverted(model, names, [input]);
        for (const { name, values } of runLiteRt(folder.path, bytes, input, 'results')) {
          // A result of one number is a logit, which may be near 0 by chance: 1 is a logit's own unit.
          assertClose(found.get(name)!, values, `${name} of ${face}`, 1);
        }
      }
    });
  }

  it('was checked in all of its operations', () => {
    assert.deepEqual([...seen].sort(), OPERATIONS);
  });
});

describe('convertToOnnx', () => {
  const { model } = open('face_detection_short_range');

  it('names an operation that it does not know, its place and the file', () => {
    const operators = model.operators.map((operator) =>
      operator.name === 'MAX_POOL_2D' ? { ...operator, name: 'AVERAGE_POOL_2D' } : operator,
    );
    const { position } = operators.find(({ name }) => name === 'AVERAGE_POOL_2D')!;
    assert.throws(
      () => convertToOnnx({ ...model, operators }, ['regressors']),
      (error) =>
        error instanceof InvalidInputError &&
        error.message.includes(`position ${position}`) &&
        error.message.includes('AVERAGE_POOL_2D (version 1)') &&
        error.message.includes('face_detection_short_range.tflite'),
    );
  });

  it('leaves out what the results of interest do not need', () => {
    const both = convertToOnnx(model, ['regressors', 'classificators']).length;
    const one = convertToOnnx(model, ['classificators']).length;
    assert.ok(one < both - 4 * (32 * 88 + 96 * 96), `${one} of ${both} bytes`);
  });

  it('names a result that there is none of', () => {
    assert.throws(() => convertToOnnx(model, ['landmarks']), /regressors.*landmarks among them/);
  });
});
