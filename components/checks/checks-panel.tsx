"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { RunView } from "@/server/domain/run-view";
import type {
  CheckRoundView,
  RunChecksView,
  RunCommandView,
} from "@/server/domain/workspace-commands";
import { roundWords } from "./command-dress";
import { CommandItem } from "./command-item";

const pollMs = 2_000;

/** A run's set-ups, checks round by round, and tear-downs, each with what it printed. */
export function ChecksPanel({ run }: { run: RunView }) {
  const trpc = useTRPC();
  // A command that begins tells nobody; its end does.
  const isUnderWay = run.status === "preparing" || run.status === "finishing";
  const query = useQuery({
    ...trpc.runs.checks.queryOptions({ id: run.id }),
    refetchInterval: isUnderWay ? pollMs : false,
  });
  const { data } = query;
  if (!data) {
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <SkeletonRows rows={6} label="Loading the checks" />
    );
  }
  const groups = groupCommands(data);
  if (groups.length === 0) {
    return (
      <EmptyState title="Nothing was set up or checked.">
        Checks and a set-up script are set on the repository’s page, checks in a workflow too.
      </EmptyState>
    );
  }
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      {groups.map((group) => (
        <Section key={group.key} title={group.title} aside={group.aside}>
          <ul>
            {group.commands.map((command) => (
              <CommandItem key={command.id} runId={run.id} command={command} />
            ))}
          </ul>
          {group.leftFiles.length > 0 && (
            <p className="border-b px-4 py-2 text-xs text-quiet">
              Changed in the workspace by these checks, and no part of the work:{" "}
              <span className="font-mono break-all">{group.leftFiles.join(", ")}</span>
            </p>
          )}
        </Section>
      ))}
    </div>
  );
}

interface Group {
  key: string;
  title: string;
  aside: string | null;
  commands: RunCommandView[];
  leftFiles: string[];
}

/** Commands of one kind and attempt belong together; those of a round of checks to its round. */
function groupCommands({ commands, rounds }: RunChecksView): Group[] {
  const groups = new Map<string, Group>();
  for (const command of commands) {
    const { attempt, kind } = command;
    const part = kind === "bring_along" ? "set_up" : kind;
    const key = `${attempt}-${part}`;
    const round = rounds.find((one) => one.attempt === attempt);
    const group = groups.get(key) ?? describeGroup(key, part, attempt, round);
    group.commands.push(command);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function describeGroup(
  key: string,
  part: "set_up" | "check" | "tear_down",
  attempt: number,
  round: CheckRoundView | undefined,
): Group {
  const isRound = part === "check" && round;
  const title = {
    set_up: `Set-up of attempt ${attempt}`,
    check: round ? `Checks, round ${round.number} (attempt ${attempt})` : "Checks",
    tear_down: "Tear-down",
  }[part];
  return {
    ...{ key, title, commands: [] },
    aside: isRound ? roundWords[round.state] : null,
    leftFiles: isRound ? round.leftFiles : [],
  };
}
