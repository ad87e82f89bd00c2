import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'node:test';
import { packageRoot } from '../../../src/package_root.js';
import { testAgreement } from '../../support/engine_agreement.js';

const place = join(packageRoot(), '.tensorflow', 'cpu');

if (existsSync(place)) testAgreement('@tensorflow/tfjs-node', [place]);
else
  describe('the engines on libtensorflow', { skip: 'needs libtensorflow: npm run setup:tensorflow' }, () => undefined);
