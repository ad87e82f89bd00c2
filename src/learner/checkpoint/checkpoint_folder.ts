import { join } from 'node:path';

/** TEMP/EXPERIMENT_checkpoints, as the reference has it. */
export function checkpointFolder({
  tempPath,
  experimentName,
}: {
  readonly tempPath: string;
  readonly experimentName: string;
}): string {
  return join(tempPath, `${experimentName}_checkpoints`);
}
