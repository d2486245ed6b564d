import type { RunView } from "@/server/domain/run-view";
import { findSteerRefusal } from "@/server/domain/steering";

/** Why nothing can be said to a run's agent now, and what to do instead. */
export function SteerRefusal({
  run,
}: {
  run: Pick<RunView, "status" | "agent" | "availableActions">;
}) {
  const isCancelAsked = run.availableActions.includes("force_cancel");
  const refusal = findSteerRefusal({ ...run, isCancelAsked });
  if (!refusal) return null;
  return (
    <p className="text-xs text-quiet">
      {refusal.message} {refusal.hint}
    </p>
  );
}
