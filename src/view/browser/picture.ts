/// <reference lib="dom" />
import type { ViewFace, ViewUpdate } from '../protocol.js';
import { percentWithSpread, trackColour } from './format.js';

/** Draws pictures with the faces on them. */
export class PictureView {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #told = '';
  #toldAt = -Infinity;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d')!;
  }

  /** @param jpeg the picture of the update */
  async show({ width, height, answer }: NonNullable<ViewUpdate['picture']>, jpeg: Blob): Promise<void> {
    const bitmap = await createImageBitmap(jpeg);
    // Sharp on screens of any density: lines and letters are drawn in the screen's pixels.
    const shown = this.#canvas.clientWidth * devicePixelRatio || bitmap.width;
    const scale = Math.max(1, Math.min(2, shown / width));
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    this.#context.setTransform(scale, 0, 0, scale, 0, 0);
    this.#context.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    const faces = answer?.faces ?? [];
    const unit = Math.max(width / 640, width / Math.max(1, this.#canvas.clientWidth));
    for (const face of faces) this.#drawFace(face, unit);
    for (const face of faces) this.#drawPlate(face, unit, width, height);
    this.#describe(faces);
  }

  #colour(trackId: number): string {
    return getComputedStyle(this.#canvas).getPropertyValue(`--${trackColour(trackId)}`);
  }

  #drawFace({ box, landmarks, trackId }: ViewFace, unit: number): void {
    const context = this.#context;
    context.strokeStyle = this.#colour(trackId);
    context.lineWidth = 2 * unit;
    context.strokeRect(box.x, box.y, box.width, box.height);
    context.fillStyle = '#ffffff';
    context.shadowColor = '#000000';
    context.shadowBlur = 2;
    const radius = Math.min(3 * unit, Math.max(0.8, Math.sqrt(box.width * box.height) / 110));
    context.beginPath();
    for (let at = 0; at < landmarks.length; at += 2) {
      context.moveTo(landmarks[at]! + radius, landmarks[at + 1]!);
      context.arc(landmarks[at]!, landmarks[at + 1]!, radius, 0, 2 * Math.PI);
    }
    context.fill();
    context.shadowBlur = 0;
  }

  #drawPlate(face: ViewFace, unit: number, width: number, height: number): void {
    const context = this.#context;
    const size = 15 * unit;
    context.font = `600 ${size}px system-ui, "DejaVu Sans", sans-serif`;
    context.textBaseline = 'middle';
    const text = `${face.trackId}  ${faceWords(face)}`;
    const plate = { width: context.measureText(text).width + 1.4 * size, height: 1.7 * size };
    const x = Math.max(0, Math.min(face.box.x - unit, width - plate.width));
    const above = face.box.y - plate.height - unit;
    const y = above >= 0 ? above : Math.max(0, Math.min(face.box.y + face.box.height + unit, height - plate.height));
    context.fillStyle = 'rgb(0 0 0 / 70%)';
    context.fillRect(x, y, plate.width, plate.height);
    context.fillStyle = this.#colour(face.trackId);
    context.fillRect(x, y, 4 * unit, plate.height);
    context.fillStyle = '#ffffff';
    context.fillText(text, x + 0.9 * size, y + plate.height / 2);
  }

  /** Now and then, as those who hear the page would hear nothing else. */
  #describe(faces: readonly ViewFace[]): void {
    const words = faces.map((face) => `face ${face.trackId}: ${faceWords(face)}`).join('; ');
    const told = faces.length === 0 ? 'Camera picture without a face' : `Camera picture, ${words}`;
    const now = performance.now();
    if (told === this.#told || now - this.#toldAt < 1000) return;
    this.#told = told;
    this.#toldAt = now;
    this.#canvas.setAttribute('aria-label', told);
  }
}

/** What a face is called and how sure that is. */
export function faceWords({ category, categoryIndex, confidence, classes, repeats }: ViewFace): string {
  if (category === '') return 'watching';
  return `${category} ${percentWithSpread(confidence, classes[categoryIndex]?.std ?? 0, repeats)}`;
}
