"use client";
import dynamic from "next/dynamic";
import type { RunAction } from "@/server/domain/run";

const CancelDialog = dynamic(() => import("./cancel-dialog").then((module) => module.CancelDialog));
const RerunDialog = dynamic(() => import("./rerun-dialog").then((module) => module.RerunDialog));
const ContinueDialog = dynamic(() =>
  import("./continue-dialog").then((module) => module.ContinueDialog),
);

export interface ActedRun {
  id: string;
  number: number;
  sessionId: string;
}

/** The dialog of the action asked for; each is loaded when it is first asked for. */
export function RunDialogs({
  action,
  run,
  onClose,
}: {
  action: RunAction | null;
  run: ActedRun | null;
  onClose: () => void;
}) {
  if (!run || !action) return null;
  if (action === "cancel") return <CancelDialog run={run} onClose={onClose} />;
  if (action === "rerun") return <RerunDialog run={run} onClose={onClose} />;
  return <ContinueDialog run={run} onClose={onClose} />;
}
