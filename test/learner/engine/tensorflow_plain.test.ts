import { testAgreement } from '../../support/engine_agreement.js';
import { PLAIN_PLACES } from '../../support/tensorflow_places.js';

testAgreement('@tensorflow/tfjs', PLAIN_PLACES);
