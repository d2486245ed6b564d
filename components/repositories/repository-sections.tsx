"use client";
import dynamic from "next/dynamic";
import { RepositoryGivenSections } from "@/components/secrets/given-sections";
import { loadAgain } from "@/components/ui/load-again";
import { Skeleton } from "@/components/ui/skeleton";

const WorkspaceSettings = dynamic(
  () =>
    loadAgain(() => import("@/components/checks/workspace-settings")).then(
      (module) => module.WorkspaceSettings,
    ),
  { ssr: false, loading: () => <Skeleton className="m-4 h-64" /> },
);
const CheckSettings = dynamic(
  () =>
    loadAgain(() => import("@/components/checks/check-settings")).then(
      (module) => module.CheckSettings,
    ),
  { ssr: false, loading: () => <Skeleton className="m-4 h-40" /> },
);

const DefaultDelivery = dynamic(
  () =>
    loadAgain(() => import("@/components/delivery/default-delivery-section")).then(
      (module) => module.DefaultDeliverySection,
    ),
  { ssr: false, loading: () => <Skeleton className="m-4 h-32" /> },
);

/** What can be set for a repository, a section each, loaded on its own. */
export function RepositorySections({ name }: { name: string }) {
  return (
    <>
      <WorkspaceSettings repository={name} />
      <CheckSettings repository={name} />
      <DefaultDelivery repository={name} />
      <RepositoryGivenSections name={name} />
    </>
  );
}
