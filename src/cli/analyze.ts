import { existsSync, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { analyseRecording } from '../analysis/analyse_recording.js';
import { frameCsvHeader } from '../analysis/frame_csv.js';
import { RowFile } from '../analysis/row_file.js';
import { type RecordingSummary, summaryLines } from '../analysis/track_summary.js';
import { findFfmpeg } from '../camera/ffmpeg_program.js';
import { DEFAULT_FOLDER_RATE_HERTZ } from '../camera/open_source.js';
import { openRecording } from '../camera/recording.js';
import { InvalidInputError } from '../errors.js';
import { writeWhole } from '../files.js';
import { positiveNumber } from './arguments.js';
import { interruptible } from './interrupt.js';
import { addPipelineFlags, loadPipeline, type PipelineFlags } from './pipeline_flags.js';
import { reportWork, type WorkResult, workThrough } from './work_list.js';

interface Flags extends PipelineFlags {
  readonly csv?: string;
  readonly jsonl?: string;
  readonly annotated?: string;
  readonly rate: number;
  readonly keepDamaged?: boolean;
  readonly json?: boolean;
}

/** Endings of names that mean an annotated video, not a folder of such. */
const VIDEO_ENDING = /\.(mp4|m4v|mov)$/i;

const EXAMPLES = `
Examples:
  pstbln analyze talk.mp4 --csv talk.csv
  pstbln analyze talk.mp4 --csv talk.csv --jsonl talk.jsonl --annotated talk_annotated.mp4
  pstbln analyze clips/*.mkv --csv clips.csv --annotated annotated --mcdo-repeats 50
A row is a frame and a face; a frame without a face has a row, too. Every frame is analysed. A video that is broken is
named at the end, has no rows, and does not stop the others.`;

/** Adds `pstbln analyze`. */
export function addAnalyzeCommand(program: Command): void {
  const command = program
    .command('analyze')
    .description('video files to tables of faces and what they express, frame by frame, without ROS')
    .argument('<videos...>', 'video files (whatever FFmpeg reads), or folders of images')
    .option('--csv <file>', 'write a CSV file, a row a frame and face')
    .option('--jsonl <file>', 'write JSON lines, an object a frame and face, with landmarks')
    .option('--annotated <file>', 'write the video with faces drawn in (.mp4); of several videos, a folder of such')
    .addOption(
      new Option('--rate <hertz>', 'images of a folder a second')
        .argParser(positiveNumber)
        .default(DEFAULT_FOLDER_RATE_HERTZ),
    )
    .option('--keep-damaged', 'of videos that are damaged, such as cut short, analyse the frames that can be read');
  addPipelineFlags(command)
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((videos: string[], flags: Flags) => interruptible((signal) => run(videos, flags, signal)));
}

async function run(videos: readonly string[], flags: Flags, signal: AbortSignal): Promise<void> {
  const { csv, jsonl, json } = flags;
  const annotated = annotatedFiles(videos, flags.annotated);
  checkOutputs(videos, [csv, jsonl, ...annotated.values()]);
  const ffmpeg = await findFfmpeg();
  const pipeline = await loadPipeline(flags);
  try {
    const summaries: RecordingSummary[] = [];
    const result = await writeRows(csv, (csvRows) =>
      writeRows(jsonl, async (jsonlRows) => {
        await csvRows?.add(frameCsvHeader(pipeline.classes));
        const outputs = { csv: csvRows, jsonl: jsonlRows };
        const worked = await workThrough(videos, {
          label: 'videos',
          jobs: 1,
          signal,
          nameOf: (video) => video,
          work: async (video, _worker, onShare) => {
            const warnings: string[] = [];
            const onDamage = flags.keepDamaged ? (words: string) => void warnings.push(words) : undefined;
            const options = { ffmpeg, folderRateHertz: flags.rate, onDamage, signal };
            const recording = await openRecording(video, options, 'the command line');
            const onTime = (seconds: number) => {
              if (recording.seconds) onShare(seconds / recording.seconds);
            };
            const files = { ...outputs, annotated: annotated.get(video) };
            summaries.push(await analyseRecording(video, recording, pipeline, files, { ffmpeg, signal, onTime }));
            return warnings.length > 0 ? { warnings } : 'done';
          },
        });
        // Files that were there before are kept where there is nothing to put in their place.
        if (worked.done === 0) throw new NothingDone(worked);
        await csvRows?.flush();
        await jsonlRows?.flush();
        return worked;
      }),
    ).catch((error: unknown) => {
      if (error instanceof NothingDone) return error.result;
      throw error;
    });
    if (!json) for (const line of summaries.flatMap(summaryLines)) console.log(line);
    const frames = summaries.reduce((sum, summary) => sum + summary.frames, 0);
    reportWork(result, 'videos', { json, more: { frames, ...(json ? { videos: summaries } : {}) } });
  } finally {
    await pipeline.release();
  }
}

class NothingDone extends Error {
  constructor(readonly result: WorkResult) {
    super('no video could be analysed');
  }
}

/** Runs work that writes rows into a file, which is there when the work is done; without a path it gets none. */
async function writeRows<Result>(
  path: string | undefined,
  work: (rows: RowFile | undefined) => Promise<Result>,
): Promise<Result> {
  if (path === undefined) return work(undefined);
  let result: { readonly value: Result } | undefined;
  await writeWhole(path, async (file: FileHandle) => {
    result = { value: await work(new RowFile(file)) };
  });
  return result!.value;
}

/** Where the annotated video of each video goes. */
function annotatedFiles(videos: readonly string[], target: string | undefined): Map<string, string> {
  if (target === undefined) return new Map();
  const isFolder = existsSync(target) ? statSync(target).isDirectory() : !VIDEO_ENDING.test(target);
  if (!isFolder) {
    if (VIDEO_ENDING.test(target) && videos.length === 1) return new Map([[videos[0]!, target]]);
    const expected = videos.length > 1 ? 'a folder, since there are several videos' : 'a name that ends with .mp4';
    throw new InvalidInputError('--annotated', target, expected, 'the command line');
  }
  return new Map(videos.map((video) => [video, join(target, `${basename(video, extname(video))}.mp4`)]));
}

/** @throws InvalidInputError where two outputs, or an output and a video, are the same file */
function checkOutputs(videos: readonly string[], outputs: readonly (string | undefined)[]): void {
  const taken = new Map(videos.map((video) => [resolve(video), video]));
  if (taken.size < videos.length) {
    throw new InvalidInputError('the videos', videos, 'each of them once', 'the command line');
  }
  for (const output of outputs) {
    if (output === undefined) continue;
    const other = taken.get(resolve(output));
    if (other !== undefined) {
      throw new InvalidInputError('the output', output, `another file than ${other}`, 'the command line');
    }
    taken.set(resolve(output), 'that of another output');
  }
}
