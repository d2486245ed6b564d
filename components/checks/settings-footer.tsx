import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";

/** Save and discard, once something was changed; for whoever may not, why there is neither. */
export function SettingsFooter({
  isChanged,
  isBusy,
  isLocked,
  error,
  onDiscard,
}: {
  isChanged: boolean;
  isBusy: boolean;
  isLocked: boolean;
  error: unknown;
  onDiscard: () => void;
}) {
  if (isLocked) return <p className="text-xs text-faint">Only an admin changes these.</p>;
  return (
    <>
      {error ? <ErrorNote error={error} /> : null}
      {isChanged && (
        <footer className="flex gap-2">
          <Button type="submit" look="primary" disabled={isBusy}>
            {isBusy ? "Saving…" : "Save"}
          </Button>
          <Button onClick={onDiscard}>Discard</Button>
        </footer>
      )}
    </>
  );
}
