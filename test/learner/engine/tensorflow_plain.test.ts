import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testAgreement } from '../../support/engine_agreement.js';

// From here, as where nothing was set up, only the packages that this one depends on are found.
testAgreement('@tensorflow/tfjs', [dirname(fileURLToPath(import.meta.url))]);
