let loading: Promise<typeof import('sharp').default> | undefined;

/** The library sharp, which decodes images on threads of its own; loaded by the first image, as other sources do without it. */
export function loadSharp(): Promise<typeof import('sharp').default> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    // No image comes twice.
    sharp.cache(false);
    return sharp;
  });
  return loading;
}
