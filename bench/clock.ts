let offsetMs = performance.timeOrigin;

/** Milliseconds of the wall clock with fractions: comparable with `date +%s%N` of another process. */
export function wallClockMs(): number {
  return offsetMs + performance.now();
}

/** Sets our clock by the wall's, which others may have moved: waits for its next tick, 1 ms at most. */
export function setClock(): void {
  const before = Date.now();
  while (Date.now() === before);
  offsetMs = Date.now() - performance.now();
}
