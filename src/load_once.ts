/**
 * A function that loads something at its first call and gives the same afterwards. What failed is tried anew at the next call: it may have
 * been mended.
 */
export function loadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
