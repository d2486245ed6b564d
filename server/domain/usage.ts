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

/** What was used of one model; a null model is one that the agent did not name. */
export interface ModelUsage extends Omit<Usage, "turns"> {
  model: string | null;
}

/** Adds usages model by model. */
export function addModelUsages(a: readonly ModelUsage[], b: readonly ModelUsage[]): ModelUsage[] {
  const sums = new Map(a.map((usage) => [usage.model, usage]));
  for (const usage of b) {
    const before = sums.get(usage.model);
    const { turns: _, ...sum } = addUsage(
      { ...(before ?? unknownUsage), turns: null },
      { ...usage, turns: null },
    );
    sums.set(usage.model, { ...sum, model: usage.model });
  }
  return [...sums.values()];
}

/** How far an agent has gone while it works, as far as its stream tells; null is unknown. */
export interface Progress {
  turns: number | null;
  /** Input and output together, without what came out of the cache; never more than was used. */
  tokens: number | null;
  costUsd: number | null;
  /** A tool of its runs now. */
  isToolOpen: boolean;
}

/** The tokens that a limit counts. */
export function countTokens({
  inputTokens,
  outputTokens,
}: Pick<Usage, "inputTokens" | "outputTokens">): number | null {
  if (inputTokens === null && outputTokens === null) return null;
  return (inputTokens ?? 0) + (outputTokens ?? 0);
}
