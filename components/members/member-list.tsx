"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { useMember } from "@/components/shell/member";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/error-state";
import { notify } from "@/components/ui/notify";
import { RelativeTime } from "@/components/ui/relative-time";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Cell, Row, Table } from "@/components/ui/table";
import { AddMemberForm } from "./add-member-form";
import { RoleSelect } from "./role-select";

const columns = [
  { name: "Name", width: "28%" },
  { name: "Email" },
  { name: "Role", width: "160px" },
  { name: "Added", width: "112px" },
];

export function MemberList() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { isAdmin } = useMember();
  const [isAdding, setIsAdding] = useState(false);
  const members = useQuery(trpc.members.list.queryOptions());
  const setRole = useMutation(
    trpc.members.setRole.mutationOptions({
      onSuccess: (member) => notify.success(`${member.name} is now ${member.role}.`),
      onError: notify.failure,
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.members.list.queryKey() }),
    }),
  );
  if (!members.data) {
    return members.isError ? (
      <ErrorState error={members.error} onRetry={() => void members.refetch()} />
    ) : (
      <SkeletonRows rows={4} label="Loading the members" />
    );
  }
  return (
    <Section
      title="Members"
      aside={
        isAdmin && (
          <Button size="small" onClick={() => setIsAdding(true)}>
            Add a member
          </Button>
        )
      }
    >
      <Table label="Members" columns={columns}>
        {members.data.items.map((member) => (
          <Row key={member.id} className="md:h-11">
            <Cell className="font-medium">{member.name}</Cell>
            <Cell className="text-quiet">{member.email}</Cell>
            <Cell>
              {isAdmin ? (
                <RoleSelect
                  label={`Role of ${member.name}`}
                  role={member.role}
                  isDisabled={setRole.isPending}
                  onChoose={(role) => setRole.mutate({ id: member.id, role })}
                />
              ) : (
                member.role
              )}
            </Cell>
            <Cell className="text-quiet">
              <RelativeTime at={member.createdAt} />
            </Cell>
          </Row>
        ))}
      </Table>
      <p className="px-4 py-3 text-xs text-faint">
        Viewers read. Operators start, cancel and rerun what is defined. Admins define repositories,
        workflows, members and tokens.
      </p>
      <Dialog title="Add a member" isOpen={isAdding} onClose={() => setIsAdding(false)}>
        <AddMemberForm onDone={() => setIsAdding(false)} />
      </Dialog>
    </Section>
  );
}
