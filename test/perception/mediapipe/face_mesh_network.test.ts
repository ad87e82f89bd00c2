import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RgbImage } from '../../../src/perception/image/rgb_image.js';
import { type ImageSquare, squareToImage } from '../../../src/perception/image/sample_square.js';
import {
  type FaceMeshNetwork,
  MESH_INPUT_SIZE,
  MESH_POINTS,
  openFaceMeshNetwork,
} from '../../../src/perception/mediapipe/face_mesh_network.js';
import { chromiumPath, NO_CHROMIUM } from '../../support/browser.js';
import { blankImage } from '../../support/clips.js';
import { facesMissing, middleSquare, readFaces, squareInput } from '../../support/face_inputs.js';
import { type MediaPipeBrowser, openMediaPipe } from '../../support/mediapipe_browser.js';
import { assertClose } from '../../support/tflite.js';

const RANGE = [0, 1] as const;
/** The outer corners of the eyes. */
const EYES = [33, 263] as const;

function meshInput(image: RgbImage, square: ImageSquare): Float32Array {
  return squareInput(image, square, MESH_INPUT_SIZE, RANGE);
}

/** The square that MediaPipe cuts out around a face whose points it knows: turned with the eyes, 1.5 times their extent. */
function squareAround(points: Float32Array): ImageSquare {
  const axis = (offset: number) => Array.from({ length: points.length / 3 }, (_, i) => points[3 * i + offset]!);
  const [xs, ys] = [axis(0), axis(1)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return {
    centerX: (left + right) / 2,
    centerY: (top + bottom) / 2,
    side: 1.5 * Math.max(right - left, bottom - top),
    roll: Math.atan2(ys[EYES[1]]! - ys[EYES[0]]!, xs[EYES[1]]! - xs[EYES[0]]!),
  };
}

for (const attention of [false, true]) {
  describe(`the face mesh ${attention ? 'with' : 'without'} attention`, { skip: facesMissing }, () => {
    let network: FaceMeshNetwork;
    before(async () => {
      network = await openFaceMeshNetwork({ attention, threads: 1 });
    });
    after(() => network.release());

    it('gives each face of a batch what it gets alone', async () => {
      const inputs = readFaces().map(({ image }) => meshInput(image, middleSquare(image)));
      const batch = new Float32Array(inputs.length * inputs[0]!.length);
      inputs.forEach((input, i) => {
        batch.set(input, i * input.length);
      });
      const together = await network.run(batch, inputs.length);
      assert.equal(together.points.length, inputs.length * MESH_POINTS * 3);
      for (const [i, input] of inputs.entries()) {
        const alone = await network.run(input, 1);
        const size = MESH_POINTS * 3;
        assertClose(together.points.subarray(i * size, (i + 1) * size), alone.points, `the points of face ${i}`);
        assertClose(together.flags.subarray(i, i + 1), alone.flags, `the flag of face ${i}`);
      }
    });

    it('sees no face in a grey image', async () => {
      const image = blankImage(64, 64, 128);
      const { flags } = await network.run(meshInput(image, middleSquare(image)), 1);
      assert.ok(flags[0]! < 0.1, String(flags[0]));
    });

    describe("beside MediaPipe's own", { skip: chromiumPath() === null && NO_CHROMIUM }, () => {
      let mediaPipe: MediaPipeBrowser;
      before(async () => {
        mediaPipe = await openMediaPipe({ refineLandmarks: attention, maxFaces: 1 });
      });
      after(() => mediaPipe.close());

      it('finds the same points in the same square, within 1 % of the distance of the eyes', async () => {
        for (const { name, image } of readFaces().filter((_, i) => i % 3 === 0)) {
          // Once MediaPipe has settled on a still, the square that it looked at is that around the points it gives.
          const [expected] = await mediaPipe.find(image, 6);
          assert.ok(expected !== undefined, `MediaPipe finds no face in ${name}`);
          const square = squareAround(expected);
          const { points, flags } = await network.run(meshInput(image, square), 1);
          assert.ok(flags[0]! > 0.5, name);
          const [left, right] = EYES.map((eye) => [expected[3 * eye]!, expected[3 * eye + 1]!] as const);
          const eyes = Math.hypot(left![0] - right![0], left![1] - right![1]);
          const errors = Array.from({ length: MESH_POINTS }, (_, i) => {
            const [x, y] = squareToImage(
              square,
              points[3 * i]! / MESH_INPUT_SIZE,
              points[3 * i + 1]! / MESH_INPUT_SIZE,
            );
            return Math.hypot(x - expected[3 * i]!, y - expected[3 * i + 1]!) / eyes;
          });
          const depths = Array.from({ length: MESH_POINTS }, (_, i) => {
            return Math.abs((points[3 * i + 2]! / MESH_INPUT_SIZE) * square.side - expected[3 * i + 2]!) / eyes;
          });
          assert.ok(Math.max(...errors) < 0.01, `${name}: off by up to ${Math.max(...errors)}`);
          assert.ok(Math.max(...depths) < 0.02, `${name}: depth off by up to ${Math.max(...depths)}`);
        }
      });
    });
  });
}
