import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Node } from 'rclnodejs';
import { errorMessage } from '../../../errors.js';
import type { MessageTypeName } from './output_publisher.js';

const RCLNODEJS = dirname(createRequire(import.meta.url).resolve('rclnodejs/package.json'));

/** Where ament's index of a prefix names the packages of messages. */
const INDEX = join('share', 'ament_index', 'resource_index', 'rosidl_interfaces');

/** Message packages that are published where they are installed, and that this package does not depend on. */
export const OPTIONAL_PACKAGES = ['vision_msgs', 'hri_msgs'] as const;

/** Where messages can be. */
export interface MessagePlaces {
  /** ament's prefixes, as in AMENT_PREFIX_PATH. */
  readonly prefixes: string;
  /** The folder of rclnodejs' JavaScript. */
  readonly generated: string;
}

function defaultPlaces(): MessagePlaces {
  return { prefixes: process.env.AMENT_PREFIX_PATH ?? '', generated: join(RCLNODEJS, 'generated') };
}

/**
 * Has rclnodejs make its JavaScript for those of some message packages that are installed and have none, as when they were
 * installed later than rclnodejs. rclnodejs itself would do that on first use, on the main thread, and not for all prefixes.
 *
 * @returns why it could not be made, where it could not
 */
export async function makeMessages(
  packageNames: readonly string[],
  places: MessagePlaces = defaultPlaces(),
): Promise<string | undefined> {
  const missing = packageNames.flatMap((name) => {
    const prefix = prefixOf(name, places);
    return prefix === undefined || existsSync(join(places.generated, name)) ? [] : [{ name, prefix }];
  });
  if (missing.length === 0) return undefined;
  // The generator does all packages of a prefix: this one has but those that are wanted.
  const folder = await mkdtemp(join(tmpdir(), 'messages_'));
  try {
    await mkdir(join(folder, INDEX), { recursive: true });
    for (const { name, prefix } of missing) {
      await symlink(join(prefix, INDEX, name), join(folder, INDEX, name));
      await symlink(join(prefix, 'share', name), join(folder, 'share', name));
    }
    const generator = join(dirname(places.generated), 'rosidl_gen', 'generate_worker.cjs');
    const env = { ...process.env, WORKER_TARGET_PATH: folder };
    await promisify(execFile)(process.execPath, [generator], { env });
    return undefined;
  } catch (error) {
    return errorMessage(error);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Whether messages can be published here: their package is installed, and rclnodejs has JavaScript for them. */
export function findMessages(
  type: MessageTypeName,
  places: MessagePlaces = defaultPlaces(),
): 'found' | 'not installed' | 'no JavaScript' {
  const [packageName, , name] = type.split('/') as [string, string, string];
  // The environment is asked first: rclnodejs may still have the JavaScript of a package that is there no more.
  if (prefixOf(packageName, places) === undefined) return 'not installed';
  const file = join(places.generated, packageName, `${packageName}__msg__${name}.js`);
  return existsSync(file) ? 'found' : 'no JavaScript';
}

/**
 * Whether messages can be published here; where they cannot, a line of the log says on which topics nothing is published.
 */
export function hasMessages(node: Node, type: MessageTypeName, topics: string): boolean {
  const found = findMessages(type);
  const nothing = `nothing is published on ${topics}`;
  const packageName = type.slice(0, type.indexOf('/'));
  if (found === 'not installed') node.getLogger().info(`${packageName} is not installed: ${nothing}.`);
  if (found === 'no JavaScript') {
    const why = `rclnodejs has no JavaScript for ${packageName} and could not make it in ${defaultPlaces().generated}`;
    node.getLogger().warn(`${why}: ${nothing} until this package is built again.`);
  }
  return found === 'found';
}

function prefixOf(packageName: string, { prefixes }: MessagePlaces): string | undefined {
  return prefixes.split(delimiter).find((prefix) => prefix !== '' && existsSync(join(prefix, INDEX, packageName)));
}
