"use client";
import { lazy, Suspense } from "react";
import type { DialogAction } from "@/server/domain/run";

const CancelDialog = lazy(() =>
  import("./cancel-dialog").then((module) => ({ default: module.CancelDialog })),
);
const RerunDialog = lazy(() =>
  import("./rerun-dialog").then((module) => ({ default: module.RerunDialog })),
);
const ContinueDialog = lazy(() =>
  import("./continue-dialog").then((module) => ({ default: module.ContinueDialog })),
);

const ForceCancelDialog = lazy(() =>
  import("./force-cancel-dialog").then((module) => ({ default: module.ForceCancelDialog })),
);

const dialogs = {
  cancel: CancelDialog,
  force_cancel: ForceCancelDialog,
  rerun: RerunDialog,
  continue: ContinueDialog,
};

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
  action: DialogAction | null;
  run: ActedRun | null;
  onClose: () => void;
}) {
  if (!run || !action) return null;
  const Dialog = dialogs[action];
  return (
    <Suspense>
      <Dialog run={run} onClose={onClose} />
    </Suspense>
  );
}
