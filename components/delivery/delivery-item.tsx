"use client";
import { useMutation } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { ActorName } from "@/components/runs/actor-name";
import { Button } from "@/components/ui/button";
import { Copyable } from "@/components/ui/copyable";
import { ErrorNote } from "@/components/ui/error-note";
import { RelativeTime } from "@/components/ui/relative-time";
import type { DeliveryView } from "@/server/domain/delivery";
import { ConflictList } from "./conflict-list";
import { DeliveryStateBadge } from "./delivery-state";
import { describeDelivery } from "./describe-delivery";

const UndoDialog = lazy(() =>
  import("./undo-dialog").then((module) => ({ default: module.UndoDialog })),
);

/** One delivery: what became of it, in the origin's own words where it refused, and what can be done. */
export function DeliveryItem({ delivery, mayAct }: { delivery: DeliveryView; mayAct: boolean }) {
  const [isUndoing, setIsUndoing] = useState(false);
  const { state, problem, hint, conflicts, pullRequest, compareUrl, undoneBy, undoneAt } = delivery;
  const link = pullRequest?.url ?? compareUrl;
  return (
    <li className="flex flex-col gap-1 px-4 py-2 text-sm">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <DeliveryStateBadge state={state} />
        <span className="min-w-0 break-words">{describeDelivery(delivery)}</span>
        {delivery.isByPolicy && <span className="text-xs text-faint">by policy</span>}
        {delivery.resultSha && state === "delivered" && (
          <Copyable
            text={delivery.resultSha}
            shown={delivery.resultSha.slice(0, 10)}
            what="the commit id"
          />
        )}
        <span className="text-xs text-faint">
          <RelativeTime at={delivery.askedAt} /> by <ActorName actor={delivery.by} />
        </span>
        <span className="ml-auto flex gap-2">
          {mayAct && delivery.mayResolve && <ResolveButton id={delivery.id} />}
          {mayAct && delivery.mayUndo && (
            <Button size="small" look="danger" onClick={() => setIsUndoing(true)}>
              {state === "planned" ? "Withdraw" : "Undo…"}
            </Button>
          )}
        </span>
      </div>
      {link && (
        <a
          href={link}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1 self-start underline hover:text-ink"
        >
          {pullRequest
            ? `Pull request ${pullRequest.number}, ${pullRequest.state}`
            : "Make a pull request of it"}
          <ExternalLink aria-hidden className="size-3.5" />
        </a>
      )}
      {problem && <p className="break-words whitespace-pre-wrap">{problem}</p>}
      {hint && <p className="text-quiet">{hint}</p>}
      {delivery.nextTryAt && (
        <p className="text-quiet">
          Tried {delivery.tries} times; again <RelativeTime at={delivery.nextTryAt} />.
        </p>
      )}
      {undoneBy && undoneAt && (
        <p className="text-quiet">
          Undone <RelativeTime at={undoneAt} /> by <ActorName actor={undoneBy} />.
        </p>
      )}
      <ConflictList conflicts={conflicts} />
      {isUndoing && (
        <Suspense>
          <UndoDialog delivery={delivery} onClose={() => setIsUndoing(false)} />
        </Suspense>
      )}
    </li>
  );
}

function ResolveButton({ id }: { id: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const resolve = useMutation(
    trpc.deliveries.resolve.mutationOptions({
      onSuccess: (made) => router.push(`/runs/${made.id}`),
    }),
  );
  return (
    <>
      <Button
        size="small"
        disabled={resolve.isPending || resolve.isSuccess}
        onClick={() => resolve.mutate({ id })}
      >
        Have the agent resolve it
      </Button>
      {resolve.error && <ErrorNote error={resolve.error} />}
    </>
  );
}
