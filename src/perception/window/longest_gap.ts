/** Seconds: images further apart, by their stamps, have nothing to do with each other, and what rests on several begins anew. */
export const LONGEST_GAP_SECONDS = 0.5;
