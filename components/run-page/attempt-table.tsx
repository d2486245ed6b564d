"use client";
import { useVocabulary } from "@/components/runs/vocabulary";
import { Copyable } from "@/components/ui/copyable";
import { Duration } from "@/components/ui/duration";
import { formatBytes } from "@/components/ui/format-number";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, Row, Table } from "@/components/ui/table";
import { isolationWords } from "@/components/workers/isolation-badge";
import type { AttemptView } from "@/server/domain/run-view";

const columns = [
  { name: "#", width: "48px" },
  { name: "Attempt id" },
  { name: "Worker", width: "104px" },
  { name: "Started", width: "96px" },
  { name: "Duration", width: "88px", isNumeric: true },
  { name: "How it ended", width: "208px" },
  { name: "Output", width: "88px", isNumeric: true },
];

export function AttemptTable({ attempts }: { attempts: AttemptView[] }) {
  const { endReasons } = useVocabulary();
  return (
    <Table label="Attempts" columns={columns}>
      {attempts.map((attempt) => (
        <Row key={attempt.id}>
          <Cell className="text-faint">{attempt.number}</Cell>
          <Cell>
            <Copyable text={attempt.id} what={`the id of attempt ${attempt.number}`} />
          </Cell>
          <Cell
            title={`pid ${attempt.pid ?? "–"}${attempt.isolation ? `, ${isolationWords[attempt.isolation]}` : ""}`}
          >
            {attempt.worker}
          </Cell>
          <Cell className="text-quiet">
            <RelativeTime at={attempt.startedAt} />
          </Cell>
          <Cell isNumeric className="text-quiet">
            <Duration from={attempt.startedAt} to={attempt.endedAt} />
          </Cell>
          <Cell title={attempt.endReason ? endReasons[attempt.endReason].label : undefined}>
            {attempt.endReason ? endReasons[attempt.endReason].label : "going on"}
            <span className="text-xs text-faint">{describeExit(attempt)}</span>
          </Cell>
          <Cell isNumeric className="text-quiet">
            {formatBytes(attempt.outputBytes)}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function describeExit({ exitCode, exitSignal }: AttemptView): string {
  if (exitSignal) return ` · ${exitSignal}`;
  return exitCode === null ? "" : ` · exit ${exitCode}`;
}
