import type { Metadata } from "next";
import { DoctorPage } from "@/components/doctor/doctor-page";
import { Hydrated } from "../../hydrated";
import { getQueryClient, trpc } from "../../trpc-server";

export const metadata: Metadata = { title: "Doctor" };

export default async function DoctorRoute() {
  await getQueryClient().prefetchQuery(trpc.doctor.report.queryOptions());
  return (
    <Hydrated>
      <DoctorPage />
    </Hydrated>
  );
}
