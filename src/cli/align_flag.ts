import { Option } from 'commander';

/** The value of --align: the points by which faces are brought to the mean face, or that they are not. */
export type AlignFlag = 'none' | 'all' | 'inner' | 'steady';

/** The flag --align of the steps that make samples of landmarks. */
export function alignOption(): Option {
  return new Option(
    '--align <points>',
    'bring each frame to the mean face by these points, so that a live node can make such samples',
  )
    .choices(['none', 'all', 'inner', 'steady'] satisfies AlignFlag[])
    .default('none');
}
