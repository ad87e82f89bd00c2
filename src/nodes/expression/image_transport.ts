/** Which images are asked for: raw ones, compressed ones, or whatever is published (raw where both are). */
export const IMAGE_TRANSPORTS = ['auto', 'raw', 'compressed'] as const;
export type ImageTransport = (typeof IMAGE_TRANSPORTS)[number];
