"use client";
import { readError } from "@/components/live/read-error";
import { Button } from "./button";

/** What stands where a part of the page could not be loaded. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { message, hint } = readError(error);
  return (
    <div role="alert" className="flex flex-col items-start gap-2 px-4 py-8">
      <p className="text-base font-medium">{message}</p>
      {hint && <p className="max-w-prose text-sm text-quiet">{hint}</p>}
      {onRetry && (
        <Button size="small" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
