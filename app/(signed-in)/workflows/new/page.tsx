import type { Metadata } from "next";
import { PageHeader } from "@/components/ui/page-header";
import { WorkflowForm } from "@/components/workflows/workflow-form";

export const metadata: Metadata = { title: "New workflow" };

export default function NewWorkflowPage() {
  return (
    <>
      <PageHeader title="New workflow" />
      <WorkflowForm />
    </>
  );
}
