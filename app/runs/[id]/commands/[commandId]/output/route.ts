// The browser's address of the same bytes: beside the run's page.
export { GET } from "@/app/api/v1/runs/[id]/commands/[commandId]/output/route";

export const dynamic = "force-dynamic";
