import { EmptyState } from "@/components/ui/empty-state";
import type { WorkerView } from "@/server/domain/views";
import { WorkerEntry } from "./worker-entry";

export function WorkerList({ workers }: { workers: WorkerView[] }) {
  if (workers.length === 0) {
    return (
      <EmptyState title="No worker has been seen yet.">
        A worker carries out the runs of one host. <code className="font-mono">npm start</code>{" "}
        starts one; on another host, <code className="font-mono">npx coppice worker</code> does.
      </EmptyState>
    );
  }
  return (
    <ul>
      {workers.map((worker) => (
        <WorkerEntry key={worker.id} worker={worker} />
      ))}
    </ul>
  );
}
