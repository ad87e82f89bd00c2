import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { readModelFile } from '../../../src/perception/mediapipe/model_files.js';
import { readTfliteModel, type TfliteModel } from '../../../src/tflite/tflite_model.js';
import { assertClose, runConverted, withNumberedTensors } from '../../support/tflite.js';

const { bytes, origin } = readModelFile('face_landmark_with_attention');
const whole = withNumberedTensors(readTfliteModel(bytes, origin));
const INPUT_SIZE = 192;

/** Some operations of the model by themselves, from one tensor to others. */
function piece(input: number, outputs: readonly number[], names: readonly string[]): TfliteModel {
  const operators = whole.operators.filter(({ name }) => name === 'DEQUANTIZE' || names.includes(name));
  return { ...whole, inputs: [input], outputs, operators };
}

const custom = (name: string) => whole.operators.filter((operator) => operator.name === name);
const matrices = custom('Landmarks2TransformMatrix');
const landmarks = matrices.map(({ inputs }) => inputs[0]!);

/** Landmarks (468, 3) scattered over the network's input. */
function scatteredLandmarks(seed: number): Float32Array {
  const random = new SeededRandom(seed);
  return Float32Array.from({ length: 468 * 3 }, () => INPUT_SIZE * random.uniform());
}

/** The lips: what is rotated to the level, and the points to hold, as the model has them. */
const LIPS = {
  left: 61,
  right: 291,
  subset: [
    [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409],
    [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 191, 80, 81, 82, 13, 312, 311, 310, 415],
    [76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306, 184, 74, 73, 72, 11, 302, 303, 304, 408],
    [62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292, 183, 42, 41, 38, 12, 268, 271, 272, 407],
  ].flat(),
};

/** Where the middle of a pixel of the 16 x 16 image lies: the rectangle around the lips, 1.5 times as large, turned. */
function placeInRectangle(points: Float32Array, x: number, y: number): [number, number] {
  const at = (index: number) => [points[3 * index]!, points[3 * index + 1]!] as const;
  const [left, right] = [at(LIPS.left), at(LIPS.right)];
  const angle = Math.atan2(right[1] - left[1], right[0] - left[0]);
  const along = [Math.cos(angle), Math.sin(angle)] as const;
  const [us, vs] = [0, 1].map((axis) =>
    LIPS.subset.map((index) => {
      const [px, py] = at(index);
      return axis === 0 ? px * along[0] + py * along[1] : py * along[0] - px * along[1];
    }),
  ) as [number[], number[]];
  const place = (values: number[], position: number) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (low + high) / 2 + 1.5 * (high - low) * (position / 16 - 0.5);
  };
  const [u, v] = [place(us, x), place(vs, y)];
  return [u * along[0] - v * along[1], u * along[1] + v * along[0]];
}

describe('Landmarks2TransformMatrix', () => {
  it('takes the small image to the rectangle around the lips, for each of a batch', async () => {
    const faces = [scatteredLandmarks(1), scatteredLandmarks(2), scatteredLandmarks(3)];
    const [operator] = matrices;
    const [input, output] = [landmarks[0]!, operator!.outputs[0]!];
    const batch = Float32Array.from(faces.flatMap((points) => [...points]));
    const model = piece(input, [output], ['Landmarks2TransformMatrix']);
    const found = (await runConverted(model, [String(output)], [batch], faces.length)).get(String(output))!;
    faces.forEach((points, face) => {
      const matrix = found.subarray(16 * face, 16 * face + 16);
      for (const [x, y] of [
        [0, 0],
        [16, 0],
        [0, 16],
        [5.5, 9.5],
      ] as const) {
        const moved = [0, 1].map((row) => matrix[4 * row]! * x + matrix[4 * row + 1]! * y + matrix[4 * row + 3]!);
        assertClose(
          Float32Array.from(moved),
          Float32Array.from(placeInRectangle(points, x, y)),
          `(${x}, ${y}) of face ${face}`,
        );
      }
      assert.deepEqual([...matrix.subarray(8)], [0, 0, 1, 0, 0, 0, 0, 1]);
    });
  });

  it('refuses options that are damaged, by an error that names the file, or converts them', async () => {
    const [operator] = matrices;
    const output = operator!.outputs[0]!;
    const random = new SeededRandom(4);
    let refused = 0;
    for (let i = 0; i < 150; i++) {
      const customOptions = operator!.customOptions.slice();
      customOptions[random.below(customOptions.length)]! ^= 1 << random.below(8);
      const model = piece(landmarks[0]!, [output], ['Landmarks2TransformMatrix']);
      const operators = model.operators.map((other) => (other === operator ? { ...operator, customOptions } : other));
      try {
        await runConverted({ ...model, operators }, [String(output)], [scatteredLandmarks(1)]);
      } catch (error) {
        assert.ok(error instanceof InvalidInputError && error.message.includes(origin), String(error));
        refused++;
      }
    }
    assert.ok(refused > 30, `${refused} refused`);
  });
});

describe('TransformTensorBilinear', () => {
  it('samples each pixel where the matrix takes it, and gives 0 outside', async () => {
    const random = new SeededRandom(5);
    const image = Float32Array.from({ length: 48 * 48 * 32 }, () => random.normal());
    const [operator] = custom('TransformTensorBilinear');
    const [features] = operator!.inputs;
    const output = String(operator!.outputs[0]);
    // All that comes after the features that are sampled: the matrix is made from the landmarks that are found in them.
    const from = whole.operators.findIndex(({ outputs }) => outputs.includes(features!));
    const model: TfliteModel = {
      ...whole,
      inputs: [features!],
      operators: whole.operators.filter(({ name }, index) => name === 'DEQUANTIZE' || index > from),
      outputs: [operator!.inputs[1]!, operator!.outputs[0]!],
    };
    const results = await runConverted(model, [String(operator!.inputs[1]), output], [image]);
    const matrix = results.get(String(operator!.inputs[1]))!;
    const expected = new Float32Array(16 * 16 * 32);
    let outside = 0;
    for (let y = 0; y < 16; y++) {
      for (let x = 0; x < 16; x++) {
        const [sx, sy] = [0, 1].map((row) => {
          return matrix[4 * row]! * (x + 0.5) + matrix[4 * row + 1]! * (y + 0.5) + matrix[4 * row + 3]! - 0.5;
        }) as [number, number];
        if (sx < 0 || sy < 0 || sx > 47 || sy > 47) {
          outside++;
          continue;
        }
        const [left, top] = [Math.min(46, Math.floor(sx)), Math.min(46, Math.floor(sy))];
        for (let channel = 0; channel < 32; channel++) {
          const pixel = (row: number, column: number) => image[((top + row) * 48 + left + column) * 32 + channel]!;
          const upper = pixel(0, 0) + (sx - left) * (pixel(0, 1) - pixel(0, 0));
          const lower = pixel(1, 0) + (sx - left) * (pixel(1, 1) - pixel(1, 0));
          expected[(y * 16 + x) * 32 + channel] = upper + (sy - top) * (lower - upper);
        }
      }
    }
    assert.ok(outside < 256, 'nothing of the image was sampled');
    assertClose(results.get(output)!, expected, `16 x 16, ${outside} outside`);
  });
});

describe("MediaPipe's operations", () => {
  it('are refused in another version', async () => {
    const [operator] = matrices;
    const operators = whole.operators.map((other) => (other === operator ? { ...other, version: 1 } : other));
    const input = new Float32Array(INPUT_SIZE * INPUT_SIZE * 3);
    const [output] = operator!.outputs;
    await assert.rejects(
      runConverted({ ...whole, operators, outputs: [output!] }, [String(output)], [input]),
      /the version of Landmarks2TransformMatrix .* is 1, expected 2/,
    );
  });
});
