"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Cell, Row, Table } from "@/components/ui/table";
import type { TokenView } from "@/server/domain/views";
import { CreateTokenDialog } from "./create-token-dialog";
import { RevokeTokenDialog } from "./revoke-token-dialog";

const columns = [
  { name: "Name" },
  { name: "Token", width: "152px" },
  { name: "Role", width: "96px" },
  { name: "Last used", width: "112px" },
  { name: "Expires", width: "112px" },
  { name: "Actions", width: "104px", isHidden: true },
];

export function TokenList() {
  const trpc = useTRPC();
  const tokens = useQuery(trpc.tokens.list.queryOptions());
  const [isCreating, setIsCreating] = useState(false);
  const [revoked, setRevoked] = useState<TokenView | null>(null);
  if (!tokens.data) {
    return tokens.isError ? (
      <ErrorState error={tokens.error} onRetry={() => void tokens.refetch()} />
    ) : (
      <SkeletonRows rows={4} label="Loading the tokens" />
    );
  }
  const create = (
    <Button size="small" onClick={() => setIsCreating(true)}>
      New token
    </Button>
  );
  return (
    <Section title="API tokens" aside={create}>
      {tokens.data.items.length === 0 ? (
        <EmptyState title="There is no API token.">
          A token lets a script use the API and the command line in its own name and role.
        </EmptyState>
      ) : (
        <Table label="API tokens" columns={columns}>
          {tokens.data.items.map((token) => (
            <TokenRow key={token.id} token={token} onRevoke={setRevoked} />
          ))}
        </Table>
      )}
      {isCreating && <CreateTokenDialog onClose={() => setIsCreating(false)} />}
      {revoked && <RevokeTokenDialog token={revoked} onClose={() => setRevoked(null)} />}
    </Section>
  );
}

function TokenRow({ token, onRevoke }: { token: TokenView; onRevoke: (token: TokenView) => void }) {
  return (
    <Row>
      <Cell className="font-medium">{token.name}</Cell>
      <Cell className="font-mono text-xs text-quiet">{token.prefix}…</Cell>
      <Cell className="text-quiet">{token.role}</Cell>
      <Cell className="text-quiet">
        {token.lastUsedAt ? <RelativeTime at={token.lastUsedAt} /> : "never"}
      </Cell>
      <Cell className="text-quiet">
        {token.expiresAt ? <RelativeTime at={token.expiresAt} /> : "never"}
      </Cell>
      <Cell>
        <span className="flex md:justify-end">
          {token.revokedAt ? (
            <Badge>revoked</Badge>
          ) : (
            <Button look="danger" size="small" onClick={() => onRevoke(token)}>
              Revoke
            </Button>
          )}
        </span>
      </Cell>
    </Row>
  );
}
