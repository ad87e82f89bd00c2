import { type Lowering, matmul, reshape } from '../lowering.js';

/** A map's values in the graph, (C, T*F*V), and what the tape knows the map by. */
export interface MapValue {
  readonly name: string;
  readonly value: string;
  readonly channels: number;
}

/**
 * The product that every convolution here comes down to: weight (O*J, C*I) . x, where each channel of x (C, I*L) and of
 * the result (O, J*L) is seen as I or J rows.
 */
export function channelProduct(
  lowering: Lowering,
  weight: string,
  x: MapValue,
  outChannels: number,
  rowsPerChannel: { readonly in: number; readonly out: number } = { in: 1, out: 1 },
): string {
  const { graph, tape } = lowering;
  const asRows = (value: string, channels: number, rows: number) =>
    rows === 1 ? value : reshape(graph, value, [channels * rows, -1]);
  const asChannels = (value: string, channels: number, rows: number) =>
    rows === 1 ? value : reshape(graph, value, [channels, -1]);
  const columns = asRows(x.value, x.channels, rowsPerChannel.in);
  const result = asChannels(matmul(graph, weight, columns), outChannels, rowsPerChannel.out);
  tape.record([weight, x.name], result, (arriving) => {
    const gradient = asRows(arriving, outChannels, rowsPerChannel.out);
    // A transposed copy of the weights is made in less time than onnxruntime takes to transpose within the product.
    const transposed = graph.node('Transpose', [weight], { perm: [1, 0] });
    return [
      matmul(graph, gradient, columns, { b: true }),
      asChannels(matmul(graph, transposed, gradient), x.channels, rowsPerChannel.in),
    ];
  });
  return result;
}
