import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import workers, { type Transferable } from 'node:worker_threads';

// Loaded into a node before anything else (node --import), in each of its threads: makes calls into files, onnxruntime,
// sharp and workers fail, as the file that FER_FAILING_CALL names says at that moment.

/** Which call fails. */
export type FailingCall =
  /** Of the worker's calls that read a file since this one was named, the one of this number. */
  | { readonly kind: 'file'; readonly number: number }
  /** Of the sessions that a worker creates, the one of this number; 0: the next one. */
  | { readonly kind: 'session'; readonly number: number }
  /**
   * Of the runs of a worker's session, or where its number is 0 of the next one, the one of this number; it rejects, or ends the
   * thread in another way.
   */
  | {
      readonly kind: 'run';
      readonly session: number;
      readonly number: number;
      readonly ends?: 'by exit' | 'for lack of memory';
    }
  /** What a worker that starts now has sharp make: pixels of a file, or a JPEG. */
  | { readonly kind: 'sharp'; readonly makes: 'raw' | 'jpeg' }
  /** The start of a worker. */
  | { readonly kind: 'worker' }
  /** Of what is posted to a worker, the message of this number. */
  | { readonly kind: 'post'; readonly number: number };

/** What a call that fails says. */
export const FAULT = 'EFAULT: made to fail';

/** Beside the file of the failing call: a line with the number of each session that is run, when it is run first. */
export const RUN_SESSIONS = 'run_sessions.txt';

const file = process.env.FER_FAILING_CALL;
if (file !== undefined) await failCalls(file);

async function failCalls(path: string): Promise<void> {
  const { readFileSync } = fs;
  const failing = (): FailingNow => JSON.parse(readFileSync(path, 'utf8'));
  if (workers.isMainThread) failWorkers(failing);
  else {
    failFiles(failing);
    failSessions(failing, join(dirname(path), RUN_SESSIONS));
    // It is loaded where it is needed only.
    if (failing().kind === 'sharp') await failSharp(failing);
  }
  syncBuiltinESMExports();
}

/** What the file says: the fields of one kind, or none. */
interface FailingNow {
  readonly kind?: FailingCall['kind'];
  readonly number?: number;
  readonly session?: number;
  readonly ends?: string;
  readonly makes?: string;
}

function fault(): Error {
  return Object.assign(new Error(FAULT), { code: 'EFAULT' });
}

function failFiles(failing: () => FailingNow): void {
  let calls = 0;
  let counted: number | undefined;
  const check = (path: unknown) => {
    // Code is read too; what of it is missing is for the loader of modules to say.
    if (/\.(c|m)?js$|package\.json$|\.node$/.test(String(path))) return;
    const { kind, number } = failing();
    if (kind !== 'file') return;
    if (number !== counted) calls = 0;
    counted = number;
    if (++calls === number) throw fault();
  };
  const checked = (call: (...args: never[]) => unknown) =>
    ((path: never, ...more: never[]) => {
      check(path);
      return call(path, ...more);
    }) as never;
  for (const name of ['readFileSync', 'openSync', 'statSync', 'readdirSync'] as const) {
    Object.assign(fs, { [name]: checked(fs[name]) });
  }
  for (const name of ['readFile', 'open', 'stat', 'readdir'] as const) {
    const call = checked(fsPromises[name]) as (...args: unknown[]) => unknown;
    fsPromises[name] = (async (...args: unknown[]) => call(...args)) as never;
  }
}

interface Session {
  run(...args: unknown[]): Promise<unknown>;
}

function failSessions(failing: () => FailingNow, runSessions: string): void {
  const require = createRequire(import.meta.url);
  const { InferenceSession } = require('onnxruntime-node') as {
    InferenceSession: { create(...args: unknown[]): Promise<Session> };
  };
  const create = InferenceSession.create.bind(InferenceSession);
  let sessions = 0;
  InferenceSession.create = async (...args) => {
    const index = ++sessions;
    const at = failing();
    if (at.kind === 'session' && (at.number === index || at.number === 0)) throw fault();
    const isNext = at.kind === 'run' && at.session === 0;
    const session = await create(...args);
    const run = session.run.bind(session);
    let runs = 0;
    let isNew = true;
    session.run = async (...of) => {
      if (isNew) fs.appendFileSync(runSessions, `${index}\n`);
      isNew = false;
      const { kind, session: which, number, ends } = failing();
      if (kind === 'run' && (which === index || (which === 0 && isNext)) && ++runs >= number!) {
        if (ends === 'by exit') process.exit(3);
        if (ends === 'for lack of memory') fillMemory();
        throw fault();
      }
      return run(...of);
    };
    return session;
  };
}

async function failSharp(failing: () => FailingNow): Promise<void> {
  const { prototype } = (await import('sharp')).default as unknown as {
    prototype: { options: { formatOut: string }; toBuffer(...args: unknown[]): Promise<unknown> };
  };
  const { toBuffer } = prototype;
  prototype.toBuffer = async function (...args) {
    const { kind, makes } = failing();
    if (kind === 'sharp' && makes === this.options.formatOut) throw fault();
    return toBuffer.apply(this, args);
  };
}

/** Until the thread is ended for it. */
function fillMemory(): never {
  const kept: unknown[] = [];
  for (;;) kept.push(new Array(1e6).fill(kept));
}

function failWorkers(failing: () => FailingNow): void {
  const { Worker } = workers;
  let posted = 0;
  class FailingWorker extends Worker {
    constructor(...[url, options]: ConstructorParameters<typeof Worker>) {
      if (failing().kind === 'worker') throw fault();
      // So that it is filled soon.
      super(url, { ...options, resourceLimits: { maxOldGenerationSizeMb: 96 } });
      posted = 0;
    }

    override postMessage(message: unknown, transfer: readonly Transferable[] = []): void {
      const { kind, number } = failing();
      if (kind === 'post' && ++posted === number) throw fault();
      super.postMessage(message, transfer);
    }
  }
  Object.assign(workers, { Worker: FailingWorker });
}
