import { readdirSync, readFileSync } from 'node:fs';

// What Linux tells of a running process in /proc.

/** The unit of a process's times in /proc: Linux gives hundredths of a second there on every machine. */
const TICKS_PER_SECOND = 100;

/** Processor seconds that all threads of a process have taken so far. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field, the name in brackets, may hold spaces; utime and stime are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** What a process holds in memory, MB of 1024 kB, to a tenth. */
export function rssMegabytesOf(pid: number): number {
  return Math.round(statusOf(pid, 'VmRSS') / 102.4) / 10;
}

export function threadsOf(pid: number): number {
  return statusOf(pid, 'Threads');
}

/** Open files, sockets and the like. */
export function handlesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

function statusOf(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)![1]);
}
