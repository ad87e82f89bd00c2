import { framesAfter } from '../network/network_shape.js';
import { TEMPORAL_KERNEL } from '../network/parameter_layout.js';

/**
 * Which tap of the temporal convolution (kernel 9, padding 4) leads from which frame to which: 0 or 1 in
 * (taps, T' x T), so that a kernel (O*C, taps) times it is the convolution's matrix.
 *
 * @param frames T
 */
export function temporalSelection(frames: number, stride: number): { selection: Float32Array; outFrames: number } {
  const outFrames = framesAfter(frames, stride);
  const padding = (TEMPORAL_KERNEL - 1) / 2;
  const selection = new Float32Array(TEMPORAL_KERNEL * outFrames * frames);
  for (let out = 0; out < outFrames; out++) {
    for (let frame = 0; frame < frames; frame++) {
      const tap = frame - out * stride + padding;
      if (tap >= 0 && tap < TEMPORAL_KERNEL) selection[(tap * outFrames + out) * frames + frame] = 1;
    }
  }
  return { selection, outFrames };
}
