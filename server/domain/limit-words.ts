import type { LimitReason, RunLimits } from "./limits-watch";

export const limitNames: Record<LimitReason, string> = {
  output_limit: "output",
  timed_out: "time",
  token_limit: "tokens",
  budget_spent: "cost",
  max_turns: "turns",
  stalled: "silence",
};

/** A limit as people say it, e.g. “its limit of 20 turns”. */
function nameLimit(reason: LimitReason, limits: RunLimits): string {
  switch (reason) {
    case "output_limit":
      return `its output limit of ${spellBytes(limits.maxOutputBytes)}`;
    case "timed_out":
      return `its time limit of ${spellSeconds(limits.timeoutSeconds)}`;
    case "token_limit":
      return `its limit of ${spellNumber(limits.maxTokens)} tokens`;
    case "budget_spent":
      return `its cost limit of $${limits.maxCostUsd}`;
    case "max_turns":
      return `its limit of ${spellNumber(limits.maxTurns)} turns`;
    case "stalled":
      return `its limit of ${spellSeconds(limits.stallSeconds ?? 0)} of silence`;
  }
}

/** The error of a run that was stopped at a limit. */
export function explainLimit(reason: LimitReason, limits: RunLimits): string {
  if (reason === "stalled") {
    const silence = spellSeconds(limits.stallSeconds ?? 0);
    return `The agent wrote nothing for ${silence} and was stopped.`;
  }
  return `The run reached ${nameLimit(reason, limits)} and was stopped.`;
}

/** What is told of a run that comes near a limit. */
export function describeNearLimit(reason: LimitReason, limits: RunLimits): string {
  return `The run is near ${nameLimit(reason, limits)}.`;
}

/** What the agent is asked when a limit is near: once, while there is still room for it. */
export function askToSumUp(reason: LimitReason, limits: RunLimits): string {
  const limit = nameLimit(reason, limits);
  return `This run is near ${limit} and will be stopped when it is reached. Begin nothing new. Commit what is done now, then sum up in a few lines what works, what is missing, and how to go on.`;
}

function spellNumber(value: number | null): string {
  return (value ?? 0).toLocaleString("en-US");
}

function spellBytes(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Math.round((bytes / 1024 ** power) * 10) / 10} ${units[power]}`;
}

function spellSeconds(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "min"],
    [seconds % 60, "s"],
  ];
  return (
    parts
      .filter(([count]) => count > 0)
      .map(([count, unit]) => `${count} ${unit}`)
      .join(" ") || "0 s"
  );
}
