"use client";
import { MoreHorizontal } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useMember } from "@/components/shell/member";
import { Menu, MenuItem } from "@/components/ui/menu";
import type { WorkerView } from "@/server/domain/views";

const DrainDialog = lazy(() =>
  import("./drain-dialog").then((module) => ({ default: module.DrainDialog })),
);
const CapacityDialog = lazy(() =>
  import("./capacity-dialog").then((module) => ({ default: module.CapacityDialog })),
);
const LostDialog = lazy(() =>
  import("./lost-dialog").then((module) => ({ default: module.LostDialog })),
);

/** What an admin may do with a worker. */
export function WorkerActions({ worker }: { worker: WorkerView }) {
  const { isAdmin } = useMember();
  const [asked, setAsked] = useState<"drain" | "capacity" | "lost" | null>(null);
  if (!isAdmin) return null;
  const close = () => setAsked(null);
  const isAway = worker.state === "stalled" || worker.state === "stopped";
  return (
    <>
      <Menu
        label={`Actions for ${worker.name}`}
        trigger={<MoreHorizontal aria-hidden className="size-4" />}
        triggerClassName="inline-flex size-7 items-center justify-center rounded-md text-quiet hover:bg-hover hover:text-ink"
      >
        <MenuItem onSelect={() => setAsked("drain")}>
          {worker.drain ? "Take runs again…" : "Drain…"}
        </MenuItem>
        <MenuItem onSelect={() => setAsked("capacity")}>Runs at once…</MenuItem>
        {isAway && <MenuItem onSelect={() => setAsked("lost")}>Declare its host lost…</MenuItem>}
      </Menu>
      <Suspense>
        {asked === "drain" && <DrainDialog worker={worker} onClose={close} />}
        {asked === "capacity" && <CapacityDialog worker={worker} onClose={close} />}
        {asked === "lost" && <LostDialog worker={worker} onClose={close} />}
      </Suspense>
    </>
  );
}
