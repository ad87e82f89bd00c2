#!/usr/bin/env node
// node scripts/install_javascript.mjs link|copy SHARE_FOLDER: CMake's install step for the JavaScript of this package.
import { copyJavaScript, linkCheckout } from './setup/installed_files.mjs';

const [mode, shareFolder] = process.argv.slice(2);
if (!shareFolder || (mode !== 'link' && mode !== 'copy')) {
  console.error('Usage: node scripts/install_javascript.mjs link|copy SHARE_FOLDER');
  process.exit(2);
}
if (mode === 'link') linkCheckout(shareFolder);
else copyJavaScript(shareFolder);
