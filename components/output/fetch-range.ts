import { type OutputTrim, readTrimHeader, trimHeader } from "@/server/domain/output-trim";

/**
 * Reads bytes `from` … `to` of an attempt's main stream (the latest attempt's when none is named).
 * `total` is how much there is by now. Where retention removed a part, the answer is one unbroken piece:
 * `from` tells where it begins, and `trim` what is gone.
 */
export async function fetchRange(
  runId: string,
  range: { from: number; to: number; attempt: number | null },
): Promise<{ bytes: Uint8Array; from: number; total: number; trim: OutputTrim | null }> {
  const query = new URLSearchParams({
    from: String(range.from),
    to: String(range.to),
    marker: "false",
  });
  if (range.attempt !== null) query.set("attempt", String(range.attempt));
  const answer = await fetch(`/runs/${runId}/output?${query}`);
  if (!answer.ok) throw await readRefusal(answer);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const length = Number(answer.headers.get("x-coppice-output-length"));
  const trim = readTrimHeader(answer.headers.get(trimHeader));
  const from = trim ? Number(answer.headers.get("x-coppice-output-from")) : range.from;
  return { bytes, from, total: Math.max(length || 0, from + bytes.length), trim };
}

async function readRefusal(answer: Response): Promise<Error> {
  const isJson = answer.headers.get("content-type")?.includes("json");
  const body = isJson ? ((await answer.json()) as { error?: { message?: string } }) : null;
  return new Error(body?.error?.message ?? `The output could not be read (${answer.status}).`);
}
