/** What this process takes. */
export interface ProcessUse {
  /** Of all its threads, networks and images. */
  readonly residentBytes: number;
  /** What this thread's JavaScript holds. */
  readonly heapBytes: number;
  /** Of one core, by all its threads, since it was asked the last time: above 100 where several cores work. */
  readonly processorPercent: number;
}

/** A function that tells what this process takes. */
export function processUseMeter(): () => ProcessUse {
  let lastTime = performance.now();
  let lastUse = process.cpuUsage();
  return () => {
    const time = performance.now();
    const { user, system } = process.cpuUsage(lastUse);
    const elapsedMicroseconds = Math.max(1, (time - lastTime) * 1000);
    lastTime = time;
    lastUse = process.cpuUsage();
    const { rss: residentBytes, heapUsed: heapBytes } = process.memoryUsage();
    return { residentBytes, heapBytes, processorPercent: (100 * (user + system)) / elapsedMicroseconds };
  };
}
