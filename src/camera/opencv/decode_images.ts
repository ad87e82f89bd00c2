import { readFileSync, writeSync } from 'node:fs';
import { errorMessage } from '../../errors.js';
import { imageReply, refusal } from './image_replies.js';
import { loadOpenCv } from './opencv_module.js';

// A process of its own: opencv4nodejs can be used by one thread of a process only. It is told the files, as a JSON list, on the
// standard input stream, and replies to each of them on the standard output stream; while nobody reads that, it waits.

// Ctrl-C goes to all processes of a terminal: the one that started this one decides.
process.on('SIGINT', () => undefined);

const cv = loadOpenCv(process.argv[2]!);
const files: string[] = JSON.parse(readFileSync(0, 'utf8'));
for (const file of files) {
  for (const bytes of decode(file)) for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}

function decode(file: string): Uint8Array[] {
  try {
    const bytes = readFileSync(file);
    // Of nothing, it would end this process.
    if (bytes.length === 0) return refusal('it is empty');
    const read = cv.imdecode(bytes, cv.IMREAD_COLOR);
    if (read.rows === 0) return refusal('it is no image, or not whole');
    const image = read.cvtColor(cv.COLOR_BGR2RGB);
    const reply = imageReply({ data: image.getData(), width: image.cols, height: image.rows });
    read.release();
    image.release();
    return reply;
  } catch (error) {
    return refusal(errorMessage(error));
  }
}
