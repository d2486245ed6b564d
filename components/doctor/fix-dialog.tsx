"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { notify } from "@/components/ui/notify";
import { ScrollRegion } from "@/components/ui/scroll-region";
import type { ChosenFix } from "./doctor-page";

/** Shows exactly what a fix will do, then has its host do that and nothing else. */
export function FixDialog({ difference, fix, onClose }: ChosenFix & { onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.doctor.report.pathKey() });
  const carryOut = useMutation(
    trpc.doctor.fix.mutationOptions({
      onSettled: refresh,
      onSuccess: ({ done }) => {
        void notify.success(done.length === 1 ? (done[0] ?? "") : `${done.length} steps are done.`);
        onClose();
      },
    }),
  );
  const { action, label, steps } = fix;
  return (
    <Dialog title={label} isOpen onClose={onClose} width="max-w-xl">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          carryOut.mutate({ key: difference.key, action, steps });
        }}
      >
        <p>{difference.title}</p>
        <p className="text-xs text-faint">
          {difference.worker ? `On ${difference.worker}, exactly this` : "Exactly this"} will be
          done. The facts are looked at once more first.
        </p>
        <ScrollRegion label="What will be done" className="max-h-72 overflow-y-auto">
          <ol className="list-decimal space-y-1 pl-6 break-words">
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </ScrollRegion>
        {carryOut.isError && <ErrorNote error={carryOut.error} />}
        <footer className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it as it is</Button>
          <Button type="submit" look="primary" disabled={carryOut.isPending}>
            {carryOut.isPending ? "One moment…" : label}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
