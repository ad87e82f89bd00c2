/**
 * ffmpeg's options for colours that are interpolated between their samples, and rounded. By itself it takes the nearest sample and
 * cuts off, as OpenCV does with clips, which is a fifth faster, and half a level darker on average.
 */
export const EXACT_COLOURS: readonly string[] = ['-sws_flags', 'bilinear+full_chroma_int+accurate_rnd'];
