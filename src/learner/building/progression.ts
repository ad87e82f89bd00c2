import type { BuildCandidate } from './candidate.js';

/** When building goes on. */
export interface ProgressionLimits {
  /** Most layers, and most blocks of a layer. */
  readonly numLayers: number;
  readonly numBlocks: number;
  /** A layer, or a block, is kept while the loss falls by more than this share. */
  readonly layerThreshold: number;
  readonly blockThreshold: number;
  readonly criterion: 'train_loss' | 'val_loss';
}

/** A candidate that was trained, before it is judged. */
export type TrainedCandidate = Omit<BuildCandidate, 'kept' | 'reason'>;

/** How far building has come. */
export interface Progression {
  /** All trained candidates, judged. A candidate whose layer was given up in the end is not kept. */
  readonly candidates: readonly BuildCandidate[];
  /** The candidate to train next, and the index of the one that it grows from (null: from nothing); null at the end. */
  readonly next: { readonly topology: readonly number[]; readonly from: number | null } | null;
  /** Index of the candidate that building would end with now; null before the first. */
  readonly best: number | null;
}

/**
 * Judges the candidates in the order in which they were trained, and says which one comes next (Heidari and Iosifidis
 * 2021, section III-C).
 *
 * Layers are appended one after another, blocks are added to the last layer one by one. The first block of a layer
 * stays until the layer is judged; a further block is kept while the loss falls by more than `blockThreshold` of what
 * it was before the block, a layer while it falls by more than `layerThreshold` of what it was before the layer. The
 * first block that is not kept ends its layer; the first layer that is not kept ends the search. The first layer stays.
 */
export function progression(trained: readonly TrainedCandidate[], limits: ProgressionLimits): Progression {
  const candidates: BuildCandidate[] = [];
  const lossOf = (index: number) => criterionOf(trained[index]!, limits.criterion);
  /** The network as it was before the layer in hand. */
  let before: number | null = null;
  let best: number | null = null;
  let layer = 0;
  for (const [index, candidate] of trained.entries()) {
    const drop = candidate.block === 0 || best === null ? null : relativeDrop(lossOf(best), lossOf(index));
    const kept = drop === null || drop > limits.blockThreshold;
    candidates.push({ ...candidate, kept, reason: blockReason(drop, limits.blockThreshold) });
    if (kept) best = index;
    if (kept && candidate.block + 1 < limits.numBlocks) continue;
    if (before !== null) {
      const layerDrop = relativeDrop(lossOf(before), lossOf(best!));
      if (!(layerDrop > limits.layerThreshold)) {
        giveUpLayer(candidates, layer, layerDrop, limits.layerThreshold);
        return { candidates, next: null, best: before };
      }
    }
    layer++;
    before = best;
    if (layer === limits.numLayers) return { candidates, next: null, best };
  }
  const last = candidates.at(-1);
  if (last === undefined || best === null) return { candidates, next: { topology: [1], from: null }, best };
  const topology = [...trained[best]!.topology];
  if (topology.length === layer) topology.push(1);
  else topology[layer] = topology[layer]! + 1;
  return { candidates, next: { topology, from: best }, best };
}

/** (before - after) / before: the share by which a loss falls. */
export function relativeDrop(before: number, after: number): number {
  return before > 0 ? (before - after) / before : 0;
}

function criterionOf(candidate: TrainedCandidate, criterion: ProgressionLimits['criterion']): number {
  const loss = criterion === 'train_loss' ? candidate.trainLoss : candidate.valLoss;
  if (loss === null) throw new RangeError('the criterion val_loss needs a validation loss for every candidate');
  return loss;
}

function blockReason(drop: number | null, threshold: number): string {
  if (drop === null) return 'the first block of a layer';
  return `the loss ${change(drop)}, ${drop > threshold ? 'more' : 'not more'} than the block threshold ${threshold}`;
}

function giveUpLayer(candidates: BuildCandidate[], layer: number, drop: number, threshold: number): void {
  const words = `the layer was given up: with it the loss ${change(drop)}, not more than the layer threshold ${threshold}`;
  candidates.forEach((candidate, index) => {
    if (candidate.layer !== layer || !candidate.kept) return;
    candidates[index] = { ...candidate, kept: false, reason: words };
  });
}

function change(drop: number): string {
  return `${drop >= 0 ? 'fell' : 'rose'} by ${(100 * Math.abs(drop)).toPrecision(3)} %`;
}
