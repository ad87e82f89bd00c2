import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/package_root.js';
import type { SensorImage } from '../../src/perception/image/encoded_image.js';
import { findRos, TestProcess } from './ros_processes.js';

/** Of an image that is published. */
export interface PlayerOptions {
  readonly topic: string;
  /** Default: the time now. */
  readonly stamp?: { readonly sec: number; readonly nanosec: number };
  /** Of the topic's publisher; read with the first image. */
  readonly reliable?: boolean;
}

/** A separate rclpy process that publishes any images, with any stamps, and the simulated time. */
export class ImagePlayer extends TestProcess {
  readonly #folder = mkdtempSync(join(tmpdir(), 'images_'));
  readonly #files = new Map<Uint8Array, string>();
  #sent = 0;

  constructor(environment: NodeJS.ProcessEnv) {
    super(findRos().python, [join(packageRoot(), 'test', 'nodes', 'image_player.py')], environment);
  }

  /** @returns its stamp, nanoseconds (off by up to 128, as numbers are) */
  publish(image: SensorImage, { stamp, ...options }: PlayerOptions): Promise<number> {
    const fields =
      'format' in image
        ? { kind: 'CompressedImage', format: image.format }
        : {
            kind: 'Image',
            encoding: image.encoding,
            width: image.width,
            height: image.height,
            step: image.step,
            is_bigendian: Number(image.isBigendian),
          };
    const at = stamp === undefined ? {} : { stamp: [stamp.sec, stamp.nanosec] };
    return this.#command({ publish: { ...options, ...fields, ...at, data: this.#fileOf(image.data) } });
  }

  /** Publishes the simulated time. */
  async setClock(sec: number, nanosec: number): Promise<void> {
    await this.#command({ clock: [sec, nanosec] });
  }

  /** Ends the publisher of a topic. */
  async leave(topic: string): Promise<void> {
    await this.#command({ leave: topic });
  }

  override async stop(): Promise<void> {
    await super.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #fileOf(data: Uint8Array): string {
    let file = this.#files.get(data);
    if (file === undefined) {
      file = join(this.#folder, String(this.#files.size));
      writeFileSync(file, data);
      this.#files.set(data, file);
    }
    return file;
  }

  async #command(command: object): Promise<number> {
    const index = this.#sent++;
    this.write(JSON.stringify(command));
    return this.until(`answer to ${JSON.stringify(command)}`, (lines) => {
      const answer = lines.filter((line) => line.startsWith('{"done"'))[index];
      return answer === undefined ? undefined : (JSON.parse(answer).done ?? 0);
    });
  }
}
