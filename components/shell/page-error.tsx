"use client";
import { useEffect } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

/** What stands in place of a page that could not be drawn. */
export function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  useEffect(() => {
    console.error(error);
  }, [error]);
  return (
    <div role="alert">
      <h1 className="sr-only">Error</h1>
      <EmptyState
        title="This page could not be shown."
        action={<Button onClick={reset}>Try again</Button>}
      >
        No run is affected. The server's log tells more
        {error.digest ? ` under “${error.digest}”` : ""}.
      </EmptyState>
    </div>
  );
}
