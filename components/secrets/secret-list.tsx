"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { ActorName } from "@/components/runs/actor-name";
import { useMember } from "@/components/shell/member";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Cell, Row, Table } from "@/components/ui/table";
import type { SecretScope, SecretView } from "@/server/domain/secrets";
import { RemoveSecretDialog } from "./remove-secret-dialog";
import { SetSecretDialog } from "./set-secret-dialog";

const columns = [
  { name: "Name" },
  { name: "Set", width: "112px" },
  { name: "By", width: "160px" },
  { name: "Key", width: "128px" },
  { name: "Actions", width: "168px", isHidden: true },
];

/** The secrets that runs of a repository or workflow are given. Values are never shown. */
export function SecretList({ scope }: { scope: SecretScope }) {
  const { isAdmin } = useMember();
  return isAdmin ? (
    <SecretsOf scope={scope} />
  ) : (
    <Section title="Secrets">
      <p className="border-b px-4 py-3 text-quiet">Only admins see which secrets there are.</p>
    </Section>
  );
}

function SecretsOf({ scope }: { scope: SecretScope }) {
  const trpc = useTRPC();
  const list = useQuery(trpc.secrets.list.queryOptions(scope));
  /** Undefined: nothing is being set; null: a new one. */
  const [changed, setChanged] = useState<SecretView | null>();
  const [removed, setRemoved] = useState<SecretView>();
  const add = (
    <Button size="small" onClick={() => setChanged(null)}>
      Add a secret
    </Button>
  );
  return (
    <Section title="Secrets" aside={list.data ? add : undefined}>
      <SecretTable scope={scope} list={list} onReplace={setChanged} onRemove={setRemoved} />
      {changed !== undefined && (
        <SetSecretDialog
          scope={scope}
          name={changed?.name ?? null}
          onClose={() => setChanged(undefined)}
        />
      )}
      {removed && (
        <RemoveSecretDialog
          scope={scope}
          name={removed.name}
          onClose={() => setRemoved(undefined)}
        />
      )}
    </Section>
  );
}

interface Act {
  onReplace: (secret: SecretView) => void;
  onRemove: (secret: SecretView) => void;
}

function SecretTable({
  scope,
  list,
  ...act
}: {
  scope: SecretScope;
  list: {
    data?: { items: SecretView[] } | undefined;
    isError: boolean;
    error: unknown;
    refetch: () => unknown;
  };
} & Act) {
  if (!list.data) {
    return list.isError ? (
      <ErrorState error={list.error} onRetry={() => void list.refetch()} />
    ) : (
      <SkeletonRows rows={2} label="Loading the secrets" />
    );
  }
  if (list.data.items.length === 0) {
    return (
      <EmptyState title={`This ${scope.kind} has no secrets.`}>
        A secret is a variable in the environment of its runs' agents. It is stored encrypted, never
        shown again, and covered in all that a run prints.
      </EmptyState>
    );
  }
  return (
    <Table label="Secrets" columns={columns}>
      {list.data.items.map((secret) => (
        <SecretRow key={secret.name} secret={secret} {...act} />
      ))}
    </Table>
  );
}

function SecretRow({ secret, onReplace, onRemove }: { secret: SecretView } & Act) {
  const { name, setAt, setBy, keyId } = secret;
  return (
    <Row>
      <Cell className="font-mono text-xs">{name}</Cell>
      <Cell className="text-quiet">
        <RelativeTime at={setAt} />
      </Cell>
      <Cell className="text-quiet">
        <ActorName actor={setBy} />
      </Cell>
      <Cell className="font-mono text-xs text-faint">{keyId}</Cell>
      <Cell>
        <span className="flex gap-2 md:justify-end">
          <Button size="small" aria-label={`Replace ${name}`} onClick={() => onReplace(secret)}>
            Replace
          </Button>
          <Button
            look="danger"
            size="small"
            aria-label={`Remove ${name}`}
            onClick={() => onRemove(secret)}
          >
            Remove
          </Button>
        </span>
      </Cell>
    </Row>
  );
}
