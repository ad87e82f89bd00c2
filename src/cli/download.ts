import { type Command, Option } from 'commander';
import {
  type DownloadOptions,
  download,
  downloadOptionsSchema,
  OPENDR_SERVER_URL,
} from '../learner/download/download.js';
import { Progress } from '../progress.js';
import { interruptible } from './interrupt.js';

interface Flags {
  readonly mode: NonNullable<DownloadOptions['mode']>;
  readonly path: string;
  readonly url: string;
  readonly datasetName: string;
  readonly name: string;
  readonly json?: boolean;
}

const MEBIBYTE = 2 ** 20;

const EXAMPLES = `
Examples:
  pstbln download --mode train_data --dataset-name AFEW --path data --url ftp://HOST/FOLDER
  pstbln download --mode pretrained --name pstbln_afew --path models --url https://HOST/FOLDER
A download that broke off goes on where it was when the same command runs again.`;

/** Adds `pstbln download`. */
export function addDownloadCommand(program: Command): void {
  const modes = downloadOptionsSchema.shape.mode.unwrap().options;
  program
    .command('download')
    .description('fetch data or a pretrained model by FTP, HTTP or from files')
    .addOption(new Option('--mode <mode>', 'what is fetched').choices(modes).default('train_data'))
    .requiredOption('--path <folder>', 'where it is put')
    .option('--url <url>', 'the folder on the server (ftp, http, https or file)', OPENDR_SERVER_URL)
    .option('--dataset-name <name>', 'the dataset: AFEW, CASIA, CK+, ...', 'CASIA')
    .option('--name <name>', 'the pretrained model', 'pstbln_casia')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => interruptible((signal) => fetchAll(flags, signal)));
}

async function fetchAll({ mode, path, url, datasetName, name, json }: Flags, signal: AbortSignal): Promise<void> {
  let progress: { readonly file: string; readonly bar: Progress } | null = null;
  const fetched = await download(
    { mode, path, url, datasetName, experimentName: name, verbose: false },
    {
      signal,
      onProgress: ({ state, path: file, receivedBytes, totalBytes, reason }) => {
        if (progress?.file !== file) progress = { file, bar: new Progress(`${file}, MiB`) };
        if (state === 'already there') process.stderr.write(`${file} is there already\n`);
        else if (state === 'retrying') process.stderr.write(`trying again: ${reason}\n`);
        else {
          const received = Number((receivedBytes / MEBIBYTE).toFixed(1));
          progress.bar.update(
            received,
            Math.max(received, Number(((totalBytes ?? receivedBytes) / MEBIBYTE).toFixed(1))),
          );
        }
      },
    },
  );
  console.log(json ? JSON.stringify({ path: fetched }) : fetched);
}
