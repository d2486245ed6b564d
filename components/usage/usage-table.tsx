import Link from "next/link";
import { ActorName } from "@/components/runs/actor-name";
import { agentNames } from "@/components/runs/agent-names";
import { formatCost, formatCount } from "@/components/ui/format-number";
import { Cell, Row, Table } from "@/components/ui/table";
import type { UsageGroup, UsageReport } from "@/server/domain/usage-report";
import type { AgentKind } from "@/server/domain/workflow";
import { linkOfGroup } from "./usage-filters";
import { spellUnknown } from "./usage-totals";

type Group = UsageReport["groups"][number];

export function UsageTable({ by, groups }: { by: UsageGroup; groups: Group[] }) {
  return (
    <Table
      label={`Usage by ${by}`}
      columns={[
        { name: by },
        { name: "Runs", width: "72px", isNumeric: true },
        { name: "Input", width: "96px", isNumeric: true },
        { name: "Cached", width: "96px", isNumeric: true },
        { name: "Output", width: "96px", isNumeric: true },
        { name: "Cost", width: "96px", isNumeric: true },
        { name: "Cost unknown", width: "120px", isNumeric: true },
      ]}
    >
      {groups.map((group) => (
        <Row key={group.key ?? ""}>
          <Cell title={group.name} className="max-md:w-full max-md:font-medium">
            <GroupName by={by} group={group} />
          </Cell>
          <Figures group={group} />
        </Row>
      ))}
    </Table>
  );
}

function Figures({ group }: { group: Group }) {
  return (
    <>
      <Figure label="runs">{formatCount(group.runs)}</Figure>
      <Figure label="in">{formatCount(group.inputTokens)}</Figure>
      <Figure label="cached">{formatCount(group.cachedTokens)}</Figure>
      <Figure label="out">{formatCount(group.outputTokens)}</Figure>
      <Figure label="cost">{formatCost(group.costUsd)}</Figure>
      <Cell isNumeric className="text-warn">
        {group.unknownCostRuns > 0 ? spellUnknown(group.unknownCostRuns) : null}
      </Cell>
    </>
  );
}

/** On a phone, where the table's head is out of sight, each number says what it is. */
function Figure({ label, children }: { label: string; children: string }) {
  return (
    <Cell isNumeric className="tabular-nums">
      {children} <span className="text-faint md:hidden">{label}</span>
    </Cell>
  );
}

function GroupName({ by, group: { key, name } }: { by: UsageGroup; group: Group }) {
  if (key === null) return <span className="text-faint">{name}</span>;
  const shown =
    by === "agent" ? (
      (agentNames[key as AgentKind] ?? name)
    ) : by === "person" ? (
      <ActorName actor={key} />
    ) : (
      name
    );
  const href = linkOfGroup(by, key);
  if (!href) return shown;
  return (
    <Link href={href} className="hover:underline">
      {shown}
    </Link>
  );
}
