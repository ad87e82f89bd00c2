import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { RgbImage } from '../../src/perception/image/rgb_image.js';
import { readFrames } from './clips.js';

/** A photo with real, upright faces that look into the camera. */
export interface DemoPhoto {
  readonly name: string;
  readonly image: RgbImage;
  readonly faces: number;
}

/** Photos that face-api.js's package holds: they need no shared data. */
export function readDemoPhotos(): DemoPhoto[] {
  return [
    { name: 'sample2.jpg', faces: 1, image: readPhoto('sample2.jpg') },
    { name: 'sample3.jpg', faces: 2, image: readPhoto('sample3.jpg') },
  ];
}

/** A photo of four people, some of them turned. */
export function readDemoGroup(): RgbImage {
  return readPhoto('sample6.jpg');
}

/** A photo of one face, which is quick to send and to search. */
export function readSmallPhoto(): RgbImage {
  return readPhoto('sample2.jpg', 320);
}

function readPhoto(name: string, width = 960): RgbImage {
  const folder = join(dirname(createRequire(import.meta.url).resolve('face-api.js/package.json')), 'demo');
  return readFrames(join(folder, name), 1, 0, `scale=${width}:-1`)[0]!;
}
