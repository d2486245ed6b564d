"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTRPC } from "@/components/live/trpc";
import { useMember } from "@/components/shell/member";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { ErrorState } from "@/components/ui/error-state";
import { notify } from "@/components/ui/notify";
import { Section } from "@/components/ui/section";
import { Skeleton } from "@/components/ui/skeleton";
import { describePolicy } from "./describe-policy";
import { PolicyFields } from "./policy-fields";
import { readPolicy } from "./read-policy";

/** What runs on a repository deliver by themselves, where their workflow says nothing of it. */
export function DefaultDeliverySection({ repository }: { repository: string }) {
  const trpc = useTRPC();
  const { isAdmin } = useMember();
  const queryClient = useQueryClient();
  const query = useQuery(trpc.deliveries.getDefault.queryOptions({ name: repository }));
  const save = useMutation(
    trpc.deliveries.setDefault.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: trpc.deliveries.getDefault.pathKey() });
        void notify.success("The delivery is set.");
      },
    }),
  );
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const delivery = readPolicy(new FormData(event.currentTarget));
    if (!save.isPending) save.mutate({ name: repository, delivery });
  };
  return (
    <Section title="Delivery">
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton className="m-4 h-24" />}
      {query.data && !isAdmin && <p className="p-4">{describePolicy(query.data.delivery)}</p>}
      {query.data && isAdmin && (
        <form className="flex max-w-2xl flex-col gap-4 p-4" onSubmit={send}>
          <PolicyFields policy={query.data.delivery} inherited={null} fields={{}} />
          {save.error && <ErrorNote error={save.error} />}
          <footer>
            <Button type="submit" disabled={save.isPending}>
              {save.isPending ? "Saving…" : "Save"}
            </Button>
          </footer>
        </form>
      )}
    </Section>
  );
}
