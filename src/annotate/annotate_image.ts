import type { Box } from '../perception/faces/box.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import type { FaceExpression } from '../pipeline/expression_pipeline.js';
import { glyphsOfSize } from './glyphs.js';
import { type Colour, fillBox, fillDisc, strokeBox } from './rgb_canvas.js';
import { drawText, textWidth } from './text.js';

/** Of tracks, by turns: told apart by people with any kind of colour vision (Okabe and Ito 2008), and seen on skin. */
const TRACK_COLOURS: readonly Colour[] = [
  [86, 180, 233],
  [230, 159, 0],
  [0, 200, 140],
  [240, 228, 66],
  [204, 121, 167],
  [255, 120, 50],
];
const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];
const PLATE_OPACITY = 0.65;
const BAR_TRACK: Colour = [90, 90, 90];

/** The font's size over the image's shorter side, and its limits in pixels. */
const TEXT_SHARE = 1 / 30;
const SMALLEST_TEXT = 10;
const LARGEST_TEXT = 48;

/** What an annotation shows of a face. */
export type AnnotatedFace = Pick<FaceExpression, 'trackId' | 'box' | 'landmarks' | 'expression'>;

/**
 * A copy of an image with its faces drawn in: box, landmarks, and a plate with the track's number, the category, its
 * probability and spread in percent, and the same as a bar.
 */
export function annotateImage(image: RgbImage, faces: readonly AnnotatedFace[]): RgbImage {
  const annotated = { ...image, data: image.data.slice() };
  for (const face of faces) drawFace(annotated, face);
  // Above all boxes and landmarks.
  for (const face of faces) drawPlate(annotated, face);
  return annotated;
}

/** The colour, red, green, blue of 0 to 255, in which a track's face is drawn; that of its neighbours is another. */
export function trackColour(trackId: number): Colour {
  return TRACK_COLOURS[(Math.max(1, trackId) - 1) % TRACK_COLOURS.length]!;
}

function thicknessOf({ width, height }: RgbImage): number {
  return Math.max(1, Math.round(Math.min(width, height) / 240));
}

function drawFace(image: RgbImage, { trackId, box, landmarks }: AnnotatedFace): void {
  const colour = trackColour(trackId);
  strokeBox(image, box, colour, thicknessOf(image));
  // Points that grow with the face, so that those of small faces do not run into each other.
  const radius = Math.min(4, Math.max(0.7, Math.sqrt(box.width * box.height) / 130));
  for (let at = 0; at < landmarks.length; at += 2) {
    fillDisc(image, landmarks[at]!, landmarks[at + 1]!, radius, WHITE);
  }
}

/** What is written about a face, such as `2  Happy 87 ± 4 %`; the ellipsis stands for a face that is not watched for long enough. */
export function faceLabel({ trackId, expression }: Pick<AnnotatedFace, 'trackId' | 'expression'>): string {
  if (expression === undefined) return `${trackId}  …`;
  const { category, categoryIndex, confidence, std, repeats } = expression.estimate;
  const spread = repeats === 0 ? '' : ` ± ${(100 * std[categoryIndex]!).toFixed(0)}`;
  return `${trackId}  ${category} ${(100 * confidence).toFixed(0)}${spread} %`;
}

function drawPlate(image: RgbImage, face: AnnotatedFace): void {
  const shorter = Math.min(image.width, image.height);
  const em = Math.min(LARGEST_TEXT, Math.max(SMALLEST_TEXT, Math.round(shorter * TEXT_SHARE)));
  const { rows, ascent } = glyphsOfSize(em);
  const label = faceLabel(face);
  const padding = Math.round(em / 3);
  const bar = face.expression === undefined ? 0 : Math.max(3, Math.round(em / 4));
  const width = Math.ceil(textWidth(label, em)) + 2 * padding;
  const height = rows + padding + (bar > 0 ? bar + padding : 0);
  const { x, y } = platePlace(image, face.box, width, height);
  fillBox(image, { x, y, width, height }, BLACK, PLATE_OPACITY);
  fillBox(image, { x, y, width: Math.max(2, Math.round(em / 6)), height }, trackColour(face.trackId));
  drawText(image, label, x + padding, y + padding / 2 + ascent, em, WHITE);
  if (bar > 0) {
    const place = { x: x + padding, y: y + rows + 0.75 * padding, width: width - 2 * padding, height: bar };
    drawBar(image, place, face);
  }
}

/** Above the box where there is room, else below it, else within; always whole where the image is large enough. */
function platePlace(image: RgbImage, box: Box, width: number, height: number): { x: number; y: number } {
  const gap = thicknessOf(image);
  const x = Math.round(Math.max(0, Math.min(box.x, image.width - width)));
  const above = box.y - height - gap;
  const below = box.y + box.height + gap;
  if (above >= 0) return { x, y: Math.round(above) };
  if (below + height <= image.height) return { x, y: Math.round(below) };
  return { x, y: Math.round(Math.max(0, Math.min(box.y + gap, image.height - height))) };
}

/** The probability from the left edge, and its spread about the end, one standard deviation to either side. */
function drawBar(image: RgbImage, place: Box, { trackId, expression }: AnnotatedFace): void {
  const { confidence, std, categoryIndex } = expression!.estimate;
  const at = (share: number) => place.x + place.width * Math.min(1, Math.max(0, share));
  fillBox(image, place, BAR_TRACK);
  fillBox(image, { ...place, width: at(confidence) - place.x }, trackColour(trackId));
  const low = at(confidence - std[categoryIndex]!);
  const high = at(confidence + std[categoryIndex]!);
  const thin = Math.max(1, Math.round(place.height / 4));
  fillBox(image, { x: low, y: place.y + (place.height - thin) / 2, width: high - low, height: thin }, WHITE);
  for (const end of [low, high]) {
    fillBox(image, { x: end - thin / 2, y: place.y, width: thin, height: place.height }, WHITE);
  }
}
