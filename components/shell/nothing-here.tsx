import { dressButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

/** What stands at an address that leads nowhere. */
export function NothingHere() {
  return (
    <>
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        title="There is nothing at this address."
        action={
          <a href="/" className={dressButton({})}>
            To the overview
          </a>
        }
      >
        It may have been mistyped. Any id, commit, branch, path or #number can be looked up in the
        search box.
      </EmptyState>
    </>
  );
}
