/** Options of the reference's data scripts, as it spells them; `pstbln prepare` has them with hyphens. */
export const REFERENCE_OPTIONS = [
  'video_folder',
  'frames_folder',
  'dataset_name',
  'shape_predictor',
  'landmark_folder',
  'output_folder',
  'data_folder',
  'aug_data_folder',
  'landmark_data_folder',
  'muscle_data_folder',
] as const;

/**
 * The arguments of `pstbln prepare` with the reference's spellings of options taken for ours; those of other commands as
 * they are.
 *
 * @param argv as process.argv has them
 */
export function withoutUnderscores(argv: readonly string[]): string[] {
  if (argv[2] !== 'prepare') return [...argv];
  return argv.map((argument) => {
    const name = REFERENCE_OPTIONS.find((option) => argument === `--${option}` || argument.startsWith(`--${option}=`));
    return name === undefined ? argument : `--${name.replaceAll('_', '-')}${argument.slice(2 + name.length)}`;
  });
}
