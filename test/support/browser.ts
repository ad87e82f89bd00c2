import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** The system's Chromium or Chrome, or the one that FER_CHROMIUM names; null without one. */
export function chromiumPath(): string | null {
  const { FER_CHROMIUM, PATH = '' } = process.env;
  if (FER_CHROMIUM !== undefined) return FER_CHROMIUM;
  const folders = PATH.split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => existsSync(path)) ?? null;
}

export const NO_CHROMIUM = 'needs Chromium or Chrome on PATH (or FER_CHROMIUM)';

/**
 * Chromium without a window, which asks the network for nothing by itself.
 *
 * @param args more of its flags
 */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath()!,
    // Chromium's own sandbox does not start for root, as in containers; what is opened here is ours.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      ...args,
    ],
  });
}
