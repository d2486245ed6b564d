import { CircleAlert } from "lucide-react";
import { readError } from "@/components/live/read-error";

/** What went wrong and the next step, in the form that did it. */
export function ErrorNote({ error }: { error: unknown }) {
  const { message, hint, fields } = readError(error);
  const isRepeated = Object.entries(fields).some(([name, why]) => message === `${name}: ${why}`);
  return (
    <div role="alert" className="flex gap-2 rounded-md border border-bad/50 px-3 py-2 text-sm">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0 break-words">
        <p>{isRepeated ? "One field needs a change." : message}</p>
        {hint && <p className="text-quiet">{hint}</p>}
      </div>
    </div>
  );
}
