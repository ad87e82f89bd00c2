import { createReadStream, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { RgbImage } from '../../src/perception/image/rgb_image.js';
import { launchChromium } from './browser.js';
import { serveHttp } from './http_server.js';

export interface MediaPipeOptions {
  /** The attention model, and the irises: 478 points in place of 468. */
  readonly refineLandmarks: boolean;
  readonly maxFaces: number;
}

/** MediaPipe's own face mesh, as it runs in a browser: what this package's is compared with. */
export interface MediaPipeBrowser {
  /**
   * Every face's points, (468 or 478, 3): x and y in pixels of the image, z in the same unit.
   *
   * @param times how often the same image is given: once it detects, each time after that it follows the faces from before
   */
  find(image: RgbImage, times?: number): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/** MediaPipe's script, as far as the page below uses it. */
interface FaceMesh {
  setOptions(options: object): void;
  onResults(listener: (results: { multiFaceLandmarks: { x: number; y: number; z: number }[][] }) => void): void;
  initialize(): Promise<void>;
  reset(): void;
  send(inputs: { image: unknown }): Promise<void>;
}

interface Canvas {
  width: number;
  height: number;
  getContext(kind: '2d'): { putImageData(pixels: unknown, x: number, y: number): void };
}

/** The browser's globals, as far as the page below uses them. */
interface PageGlobals {
  FaceMesh: new (config: object) => FaceMesh;
  document: { createElement(name: 'canvas'): Canvas };
  ImageData: new (data: Uint8ClampedArray, width: number, height: number) => unknown;
  find: (base64: string, width: number, height: number, times: number) => Promise<number[][]>;
}

const PAGE = '<!doctype html><title>Face mesh</title><script src="/face_mesh.js"></script>';

/**
 * Opens MediaPipe's face mesh out of the installed @mediapipe/face_mesh in Chromium. An image goes in as raw pixels, so that no
 * decoder makes a difference; it is drawn by WebGL in software.
 */
export async function openMediaPipe({ refineLandmarks, maxFaces }: MediaPipeOptions): Promise<MediaPipeBrowser> {
  const folder = dirname(createRequire(import.meta.url).resolve('@mediapipe/face_mesh/package.json'));
  const server = await serveHttp((request, response) => {
    const name = basename(new URL(request.url ?? '/', 'http://localhost').pathname);
    const path = join(folder, name);
    if (name === '') response.setHeader('Content-Type', 'text/html').end(PAGE);
    else if (!existsSync(path)) response.writeHead(404).end();
    else {
      const type = name.endsWith('.wasm') ? 'application/wasm' : name.endsWith('.js') ? 'text/javascript' : '';
      response.setHeader('Content-Type', type === '' ? 'application/octet-stream' : type);
      createReadStream(path).pipe(response);
    }
  });
  const browser = await launchChromium(['--use-angle=swiftshader', '--enable-unsafe-swiftshader']);
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.evaluate(
      async ({ refineLandmarks, maxFaces }) => {
        const globals = globalThis as unknown as PageGlobals;
        const mesh = new globals.FaceMesh({ locateFile: (name: string) => `/${name}` });
        mesh.setOptions({ refineLandmarks, maxNumFaces: maxFaces, selfieMode: false });
        let faces: number[][] = [];
        mesh.onResults(({ multiFaceLandmarks }) => {
          faces = (multiFaceLandmarks ?? []).map((points) => points.flatMap(({ x, y, z }) => [x, y, z]));
        });
        await mesh.initialize();
        globals.find = async (base64, width, height, times) => {
          const rgb = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
          const pixels = new Uint8ClampedArray(4 * width * height).fill(255);
          for (let i = 0; i < width * height; i++) pixels.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
          const canvas = globals.document.createElement('canvas');
          Object.assign(canvas, { width, height });
          canvas.getContext('2d').putImageData(new globals.ImageData(pixels, width, height), 0, 0);
          mesh.reset();
          for (let i = 0; i < times; i++) await mesh.send({ image: canvas });
          return faces;
        };
      },
      { refineLandmarks, maxFaces },
    );
    return {
      find: async ({ data, width, height }, times = 1) => {
        const faces = await page.evaluate(
          ({ base64, width, height, times }) =>
            (globalThis as unknown as PageGlobals).find(base64, width, height, times),
          { base64: Buffer.from(data).toString('base64'), width, height, times },
        );
        const scale = [width, height, width];
        return faces.map((points) => Float32Array.from(points, (value, i) => value * scale[i % 3]!));
      },
      close: async () => {
        await browser.close();
        await server.close();
      },
    };
  } catch (error) {
    await browser.close();
    await server.close();
    throw error;
  }
}
