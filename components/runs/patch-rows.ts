import type { InfiniteData } from "@tanstack/react-query";
import type { RunSummary, RunView } from "@/server/domain/run-view";

type Pages = InfiniteData<{ items: RunSummary[]; nextCursor: string | null }, string | null>;

/**
 * Puts what is newly known of runs into the rows that are loaded, each in its place. A row that did
 * not change stays the same object, so that it does not render anew.
 */
export function patchRows(data: Pages, summaries: RunSummary[], views: RunView[]): Pages {
  const summaryOf = new Map(summaries.map((run) => [run.id, run]));
  const viewOf = new Map(views.map((run) => [run.id, run]));
  const patch = (row: RunSummary): RunSummary => {
    const view = viewOf.get(row.id);
    const next = summaryOf.get(row.id) ?? (view && summarize(view, row));
    return !next || JSON.stringify(next) === JSON.stringify(row) ? row : next;
  };
  return {
    ...data,
    pages: data.pages.map((page) => ({ ...page, items: page.items.map(patch) })),
  };
}

function summarize(view: RunView, row: RunSummary): RunSummary {
  const fields = Object.keys(row) as (keyof RunSummary)[];
  const known = Object.fromEntries(
    fields.filter((field) => field in view).map((field) => [field, view[field as keyof RunView]]),
  );
  return { ...row, ...known, branch: view.workspace.branch };
}
