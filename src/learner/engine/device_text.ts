/** Words for a number of threads, 0 meaning all cores. */
export function threadsText(threads: number): string {
  if (threads === 0) return 'all cores';
  return threads === 1 ? '1 thread' : `${threads} threads`;
}
