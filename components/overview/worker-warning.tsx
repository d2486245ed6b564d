import { TriangleAlert } from "lucide-react";
import type { WorkerView } from "@/server/domain/views";

/** Says so when nobody is there to carry runs out. */
export function WorkerWarning({ workers }: { workers: WorkerView[] }) {
  if (workers.some((worker) => worker.isAlive)) return null;
  return (
    <p role="status" className="flex items-center gap-2 border-b px-4 py-2">
      <TriangleAlert aria-hidden className="size-4 shrink-0 text-warn" />
      <span>
        No worker is online, so runs stay queued. Start one with{" "}
        <code className="font-mono text-xs">npx coppice worker</code>, or everything with{" "}
        <code className="font-mono text-xs">npm start</code>.
      </span>
    </p>
  );
}
