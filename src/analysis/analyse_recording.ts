import { annotateImage } from '../annotate/annotate_image.js';
import type { FfmpegProgram } from '../camera/ffmpeg_program.js';
import type { Recording } from '../camera/recording.js';
import { writeVideo } from '../camera/write_video.js';
import type { ExpressionPipeline } from '../pipeline/expression_pipeline.js';
import { expressionsOfImages } from '../pipeline/image_expressions.js';
import { frameCsvLine } from './frame_csv.js';
import { frameRows } from './frame_rows.js';
import type { RowFile } from './row_file.js';
import { type RecordingSummary, RecordingTally } from './track_summary.js';

/** What is made of a recording, each only where it is given. */
export interface AnalysisOutputs {
  readonly csv?: RowFile | undefined;
  readonly jsonl?: RowFile | undefined;
  /** The file of the annotated video. */
  readonly annotated?: string | undefined;
}

/**
 * Runs a recording through the pipeline as fast as it can, every frame of it, and writes what comes out. The pipeline begins
 * anew. What was added to the row files is taken back where it fails.
 *
 * @param video how the recording is named in the rows
 * @param onTime told how far it has got, in seconds of the recording
 * @throws what the recording throws; ExpectedError where the annotated video cannot be written; the signal's reason
 */
export async function analyseRecording(
  video: string,
  recording: Recording,
  pipeline: ExpressionPipeline,
  { csv, jsonl, annotated }: AnalysisOutputs,
  { ffmpeg, signal, onTime }: { ffmpeg: FfmpegProgram; signal?: AbortSignal; onTime?: (seconds: number) => void },
): Promise<RecordingSummary> {
  const { classes } = pipeline;
  const tally = new RecordingTally(video);
  pipeline.reset();
  await csv?.mark();
  await jsonl?.mark();
  const run = async (put?: Parameters<Parameters<typeof writeVideo>[2]>[0]) => {
    for await (const { image, index, stampSeconds, expressions } of expressionsOfImages(pipeline, recording.frames)) {
      signal?.throwIfAborted();
      const { faces } = expressions;
      const frame = { video, frame: index, timeSeconds: stampSeconds, faces };
      tally.add(frame);
      for (const row of frameRows(frame, classes)) {
        await csv?.add(frameCsvLine(row, classes));
        await jsonl?.add(JSON.stringify(row));
      }
      await put?.(annotateImage(image, faces), stampSeconds);
      onTime?.(stampSeconds);
    }
    signal?.throwIfAborted();
  };
  try {
    if (annotated === undefined) await run();
    else await writeVideo(annotated, ffmpeg, run, signal);
  } catch (error) {
    await csv?.takeBack();
    await jsonl?.takeBack();
    throw error;
  }
  return tally.summary();
}
