"use client";
import { useQuery } from "@tanstack/react-query";
import { Rocket } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { type DeliveryView, isOpenDelivery } from "@/server/domain/delivery";
import type { RunView } from "@/server/domain/run-view";
import { DeliveryItem } from "./delivery-item";
import { DeliveryStateBadge } from "./delivery-state";
import { describeDelivery } from "./describe-delivery";

const DeliverDialog = lazy(() =>
  import("./deliver-dialog").then((module) => ({ default: module.DeliverDialog })),
);

/** Where a run's work went: the newest delivery in one line, all of them on demand, and the way to the next. */
export function DeliveryPanel({ run }: { run: RunView }) {
  const trpc = useTRPC();
  const [isDelivering, setIsDelivering] = useState(false);
  const [isShown, setIsShown] = useState(false);
  const query = useQuery(trpc.deliveries.list.queryOptions({ id: run.id }));
  const items = query.data?.items ?? [];
  const newest = items.at(-1);
  const mayDeliver = run.availableActions.includes("deliver");
  if (query.isError && mayDeliver) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!newest && !mayDeliver) return null;
  return (
    <section aria-label="Delivery" className="border-b">
      <header className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1">
        <h2 className="text-xs font-medium text-quiet">Delivery</h2>
        <p aria-live="polite" className="flex min-w-0 flex-1 items-center gap-2 text-sm">
          {newest ? (
            <>
              <DeliveryStateBadge state={newest.state} />
              <span className="truncate">{describeDelivery(newest)}</span>
            </>
          ) : (
            <span className="text-faint">
              {query.isPending ? "Looking…" : "Nothing was delivered yet."}
            </span>
          )}
        </p>
        {items.length > 0 && (
          <Button
            size="small"
            look="quiet"
            aria-expanded={isShown || needsEye(newest)}
            onClick={() => setIsShown(!isShown)}
          >
            {items.length === 1 ? "Details" : `All ${items.length}`}
          </Button>
        )}
        {mayDeliver && (
          <Button size="small" onClick={() => setIsDelivering(true)}>
            <Rocket aria-hidden className="size-3.5" />
            Deliver…
          </Button>
        )}
      </header>
      {(isShown || needsEye(newest)) && (
        <ol aria-label="Deliveries" className="max-h-80 divide-y overflow-y-auto border-t">
          {(isShown ? [...items].reverse() : items.slice(-1)).map((delivery) => (
            <DeliveryItem key={delivery.id} delivery={delivery} mayAct={mayDeliver} />
          ))}
        </ol>
      )}
      {isDelivering && (
        <Suspense>
          <DeliverDialog run={run} onClose={() => setIsDelivering(false)} />
        </Suspense>
      )}
    </section>
  );
}

/** What went wrong, or goes on, shows without a click. */
function needsEye(newest: DeliveryView | undefined): boolean {
  if (!newest) return false;
  return isOpenDelivery(newest.state) || ["refused", "conflict", "failed"].includes(newest.state);
}
