/** An image of one channel of 8 bits, rows top to bottom without padding. */
export interface GreyImage {
  /** height * width bytes. */
  readonly data: Uint8Array;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
}
