import type { Metadata } from "next";
import { PageHeader } from "@/components/ui/page-header";
import { WorkflowForm } from "@/components/workflows/workflow-form";
import { readWorkflow } from "../../../../read-workflow";

export const metadata: Metadata = { title: "Edit workflow" };

export default async function EditWorkflowPage({ params }: { params: Promise<{ name: string }> }) {
  const workflow = await readWorkflow(decodeURIComponent((await params).name));
  if (!workflow) return null;
  return (
    <>
      <PageHeader title={`Edit ${workflow.name}`} />
      <WorkflowForm workflow={workflow} />
    </>
  );
}
