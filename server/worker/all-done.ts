/** Waits for all, so that none goes on behind another's failure; then throws the first failure. */
export async function allDone<Parts extends readonly Promise<unknown>[]>(
  parts: readonly [...Parts],
): Promise<{ [Index in keyof Parts]: Awaited<Parts[Index]> }> {
  await Promise.allSettled(parts);
  return Promise.all(parts) as Promise<{ [Index in keyof Parts]: Awaited<Parts[Index]> }>;
}
