/** A probability, 0 to 1, in percent. */
export function percent(value: number): string {
  return `${(100 * value).toFixed(0)} %`;
}

/** A probability and its spread in percent; without dropout there is no spread. */
export function percentWithSpread(value: number, spread: number, repeats: number): string {
  return repeats === 0 ? percent(value) : `${(100 * value).toFixed(0)} ± ${(100 * spread).toFixed(0)} %`;
}

/** The class of the colour of a category. */
export function categoryColour(index: number): string {
  return `category-${index % 8}`;
}

/** The class of the colour of a track. */
export function trackColour(trackId: number): string {
  return `track-${(Math.max(1, trackId) - 1) % 6}`;
}
