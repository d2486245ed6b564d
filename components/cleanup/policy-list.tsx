"use client";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { useMember } from "@/components/shell/member";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Cell, Row, Table } from "@/components/ui/table";
import type { PolicyRules, RetentionField } from "@/server/domain/retention";
import { describeRule, ruleLabels } from "./describe-rule";

const PolicyDialog = dynamic(() => import("./policy-dialog").then((it) => it.PolicyDialog));

export interface PolicyScope {
  repository: string | null;
  workflow: string | null;
}

const columns = [
  { name: "For", width: "200px" },
  { name: "What it says" },
  { name: "Actions", width: "96px", isHidden: true },
];

/** All policies: the built-in rules, what the installation says, and what repositories and workflows do. */
export function PolicyList() {
  const trpc = useTRPC();
  const { isAdmin } = useMember();
  const [edited, setEdited] = useState<{ scope: PolicyScope | null; rules: PolicyRules } | null>(
    null,
  );
  const policies = useQuery(trpc.cleanup.policies.queryOptions());
  if (!policies.data) {
    return policies.isError ? (
      <ErrorState error={policies.error} onRetry={() => void policies.refetch()} />
    ) : (
      <SkeletonRows rows={3} label="Loading the policies" />
    );
  }
  const { builtIn, items } = policies.data;
  const isAll = ({ repository, workflow }: PolicyScope) => !repository && !workflow;
  const installation = items.find(isAll);
  const rows = [
    {
      ...{ repository: null, workflow: null },
      rules: { ...builtIn, ...installation?.rules },
      own: installation?.rules ?? {},
    },
    ...items.filter((item) => !isAll(item)).map((item) => ({ ...item, own: item.rules })),
  ];
  return (
    <>
      <Table label="Retention policies" columns={columns}>
        {rows.map(({ repository, workflow, rules, own }) => (
          <Row key={JSON.stringify([repository, workflow])}>
            <Cell className="font-medium">{nameScope({ repository, workflow })}</Cell>
            <Cell className="py-2 whitespace-normal! text-quiet max-md:w-full">
              <ul className="flex flex-wrap gap-x-4 gap-y-0.5">
                {(Object.keys(ruleLabels) as RetentionField[])
                  .filter((field) => rules[field] !== undefined)
                  .map((field) => (
                    <li key={field}>
                      <span className="text-faint">{ruleLabels[field]}:</span>{" "}
                      {describeRule(field, rules)}
                    </li>
                  ))}
              </ul>
            </Cell>
            <Cell>
              {isAdmin && (
                <span className="flex md:justify-end">
                  <Button
                    size="small"
                    onClick={() => setEdited({ scope: { repository, workflow }, rules: own })}
                  >
                    Edit
                  </Button>
                </span>
              )}
            </Cell>
          </Row>
        ))}
      </Table>
      {isAdmin && (
        <div className="px-4 py-3">
          <Button size="small" onClick={() => setEdited({ scope: null, rules: {} })}>
            Policy for a repository or a workflow
          </Button>
        </div>
      )}
      {edited && (
        <PolicyDialog
          key={JSON.stringify(edited.scope)}
          scope={edited.scope}
          rules={edited.rules}
          builtIn={builtIn}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}

export function nameScope({ repository, workflow }: PolicyScope): string {
  if (workflow) return `Workflow ${workflow}`;
  return repository ? `Repository ${repository}` : "Everything";
}
