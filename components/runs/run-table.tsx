"use client";
import { useCallback, useState } from "react";
import { Table } from "@/components/ui/table";
import type { DialogAction } from "@/server/domain/run";
import type { RunSummary } from "@/server/domain/run-view";
import { RunDialogs } from "./run-dialogs";
import { RunRow } from "./run-row";

const columns = [
  { name: "Number", width: "68px", isHidden: true },
  { name: "Status", width: "196px" },
  { name: "Run" },
  { name: "Started", width: "104px" },
  { name: "Duration", width: "96px", isNumeric: true },
  { name: "Changes", width: "116px", isNumeric: true },
  { name: "Cost", width: "72px", isNumeric: true },
  { name: "Actions", width: "108px", isHidden: true },
];

export function RunTable({ label, runs }: { label: string; runs: RunSummary[] }) {
  const [asked, setAsked] = useState<{ action: DialogAction; run: RunSummary } | null>(null);
  const act = useCallback((action: DialogAction, run: RunSummary) => setAsked({ action, run }), []);
  return (
    <>
      <Table label={label} columns={columns}>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} onAct={act} />
        ))}
      </Table>
      <RunDialogs
        action={asked?.action ?? null}
        run={asked?.run ?? null}
        onClose={() => setAsked(null)}
      />
    </>
  );
}
