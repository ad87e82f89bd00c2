import { Option } from 'commander';
import { IMAGE_BACKEND_NAMES } from '../camera/image_backend.js';

/** The flag `--image-backend`. */
export function imageBackendOption(): Option {
  return new Option('--image-backend <name>', 'what decodes; auto: opencv where it is installed, else ffmpeg')
    .choices(IMAGE_BACKEND_NAMES)
    .default('ffmpeg');
}
