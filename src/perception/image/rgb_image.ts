/** An image as the networks read it: 8-bit RGB, rows top to bottom without padding. */
export interface RgbImage {
  /** height * width * 3 bytes: R, G, B of pixel (x, y) start at (y * width + x) * 3. */
  readonly data: Uint8Array;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
}
