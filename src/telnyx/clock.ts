/** Milliseconds of a clock that nobody sets. `performance.now` says the same, but takes Node a millisecond to load. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}
