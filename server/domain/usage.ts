import { z } from "zod";

/** What an agent said it used. Null is “unknown”, never 0. */
export const usageSchema = z.object({
  inputTokens: z.number().int().nullable(),
  outputTokens: z.number().int().nullable(),
  cachedTokens: z.number().int().nullable(),
  costUsd: z.number().nullable(),
  turns: z.number().int().nullable(),
});
export type Usage = z.infer<typeof usageSchema>;

export const unknownUsage: Usage = {
  inputTokens: null,
  outputTokens: null,
  cachedTokens: null,
  costUsd: null,
  turns: null,
};

/** Adds two usages; a side that is unknown leaves the other as it is. */
export function addUsage(a: Usage, b: Usage): Usage {
  const add = (x: number | null, y: number | null) => (x === null ? y : y === null ? x : x + y);
  return {
    inputTokens: add(a.inputTokens, b.inputTokens),
    outputTokens: add(a.outputTokens, b.outputTokens),
    cachedTokens: add(a.cachedTokens, b.cachedTokens),
    costUsd: add(a.costUsd, b.costUsd),
    turns: add(a.turns, b.turns),
  };
}
