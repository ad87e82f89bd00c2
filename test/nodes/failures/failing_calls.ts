import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import workers, { type Transferable } from 'node:worker_threads';

// Loaded into a node before anything else (node --import), in each of its threads: makes calls into files, onnxruntime and
// workers fail, as the file that FER_FAILING_CALL names says at that moment.

/** Which call fails. */
export type FailingCall =
  /** Of the worker's calls that read a file, the one of this number. */
  | { readonly kind: 'file'; readonly number: number }
  /** Of the sessions that a worker creates, the one of this number. */
  | { readonly kind: 'session'; readonly number: number }
  /** Of the runs of a worker's session, the one of this number; it rejects, or ends the thread in another way. */
  | {
      readonly kind: 'run';
      readonly session: number;
      readonly number: number;
      readonly ends?: 'by exit' | 'for lack of memory';
    }
  /** The start of a worker. */
  | { readonly kind: 'worker' }
  /** Of what is posted to a worker, the message of this number. */
  | { readonly kind: 'post'; readonly number: number };

/** What a call that fails says. */
export const FAULT = 'EFAULT: made to fail';

const file = process.env.FER_FAILING_CALL;
if (file !== undefined) failCalls(file);

function failCalls(path: string): void {
  const { readFileSync } = fs;
  const failing = (): Partial<FailingCall & { number: number; session: number; ends: string }> =>
    JSON.parse(readFileSync(path, 'utf8'));
  if (workers.isMainThread) failWorkers(failing);
  else {
    failFiles(failing);
    failSessions(failing);
  }
  syncBuiltinESMExports();
}

function fault(): Error {
  return Object.assign(new Error(FAULT), { code: 'EFAULT' });
}

function failFiles(failing: () => Partial<FailingCall & { number: number }>): void {
  let calls = 0;
  const check = (path: unknown) => {
    // Code is read too; what of it is missing is for the loader of modules to say.
    if (/\.(c|m)?js$|package\.json$|\.node$/.test(String(path))) return;
    const { kind, number } = failing();
    if (kind === 'file' && ++calls === number) throw fault();
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

function failSessions(failing: () => Partial<FailingCall & { number: number; session: number; ends: string }>): void {
  const require = createRequire(import.meta.url);
  const { InferenceSession } = require('onnxruntime-node') as {
    InferenceSession: { create(...args: unknown[]): Promise<Session> };
  };
  const create = InferenceSession.create.bind(InferenceSession);
  let sessions = 0;
  InferenceSession.create = async (...args) => {
    const index = ++sessions;
    const at = failing();
    if (at.kind === 'session' && at.number === index) throw fault();
    const session = await create(...args);
    const run = session.run.bind(session);
    let runs = 0;
    session.run = async (...of) => {
      const { kind, session: which, number, ends } = failing();
      if (kind === 'run' && which === index && ++runs >= number!) {
        if (ends === 'by exit') process.exit(3);
        if (ends === 'for lack of memory') fillMemory();
        throw fault();
      }
      return run(...of);
    };
    return session;
  };
}

/** Until the thread is ended for it. */
function fillMemory(): never {
  const kept: unknown[] = [];
  for (;;) kept.push(new Array(1e6).fill(kept));
}

function failWorkers(failing: () => Partial<FailingCall & { number: number }>): void {
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
