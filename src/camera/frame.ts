/** One decoded image of a source. */
export interface Frame {
  /** Pixels, height rows of width times blue, green, red, without padding: the encoding bgr8. */
  readonly data: Uint8Array;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** When the source shows this frame, seconds since its first one; it goes on rising where a source loops. */
  readonly sourceTimeSeconds: number;
  /** 0 for the first frame, then one more for each; it goes on rising where a source loops. */
  readonly index: number;
}

/**
 * Frames of a video file, a video device or a folder of images, in order.
 *
 * A source reads only what is asked for: while nobody asks for a frame, its decoder waits. It can be walked once.
 * Leaving the loop, or aborting the signal that it was opened with, ends the decoder.
 */
export interface FrameSource extends AsyncIterable<Frame> {
  /** What it is, for logs. */
  readonly description: string;
  /** Whether frames come when they happen (a device), so that nobody need wait for their time. */
  readonly isLive: boolean;
}
