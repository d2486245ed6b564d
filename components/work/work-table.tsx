"use client";
import Link from "next/link";
import { useCallback, useMemo } from "react";
import { Button } from "@/components/ui/button";
import { Table } from "@/components/ui/table";
import type { WorkEntryView } from "@/server/domain/work";
import { groupWork } from "./group-work";
import { WorkRow } from "./work-row";

const columns = [
  { name: "Where", width: "148px" },
  { name: "Work" },
  { name: "Commit", width: "128px" },
  { name: "Made", width: "96px" },
  { name: "Seen", width: "132px" },
  { name: "Actions", width: "92px", isHidden: true },
];

type Act = (what: "letGo" | "takeBack", entries: WorkEntryView[]) => void;

/** Entries under headings of what they belong to. */
export function WorkTable({
  entries,
  group,
  mayOperate,
  onAct,
}: {
  entries: WorkEntryView[];
  group: "run" | "repository";
  mayOperate: boolean;
  onAct: Act;
}) {
  const groups = useMemo(() => groupWork(entries, group), [entries, group]);
  const actOnOne = useCallback(
    (what: "letGo" | "takeBack", entry: WorkEntryView) => onAct(what, [entry]),
    [onAct],
  );
  return (
    <Table label="Work" columns={columns}>
      {groups.map(({ key, entries: inGroup }) => [
        <GroupHeading key={key} {...{ group, inGroup, mayOperate, onAct }} />,
        ...inGroup.map((entry) => (
          <WorkRow key={entry.id} entry={entry} mayOperate={mayOperate} onAct={actOnOne} />
        )),
      ])}
    </Table>
  );
}

const mostAtOnce = 200;

function GroupHeading({
  group,
  inGroup,
  mayOperate,
  onAct,
}: {
  group: "run" | "repository";
  inGroup: WorkEntryView[];
  mayOperate: boolean;
  onAct: Act;
}) {
  const [first] = inGroup;
  if (!first) return null;
  const { run, repository, workflow, branch } = first;
  const atRisk = inGroup.filter((entry) => entry.isAtRisk).slice(0, mostAtOnce);
  return (
    <tr className="border-b bg-sunken max-md:block">
      <th
        scope="rowgroup"
        colSpan={columns.length}
        className="h-8 px-4 text-left text-xs max-md:block"
      >
        <span className="flex min-w-0 items-center gap-2 font-normal text-quiet max-md:py-1.5">
          {group === "run" ? (
            <>
              <Link href={`/runs/${run.id}`} className="font-medium text-ink hover:underline">
                #{run.number}
              </Link>
              <span className="min-w-0 truncate">
                {workflow.name} · {repository.name}
                {branch && <span className="font-mono text-faint"> · {branch}</span>}
              </span>
            </>
          ) : (
            <span className="font-medium text-ink">{repository.name}</span>
          )}
          {mayOperate && atRisk.length > 1 && (
            <Button
              size="small"
              look="quiet"
              className="ml-auto"
              onClick={() => onAct("letGo", atRisk)}
            >
              Let {atRisk.length} go
            </Button>
          )}
        </span>
      </th>
    </tr>
  );
}
