import type { Metadata } from "next";
import { MemberList } from "@/components/members/member-list";
import { Hydrated } from "../../../hydrated";
import { getQueryClient, trpc } from "../../../trpc-server";

export const metadata: Metadata = { title: "Members" };

export default async function MembersPage() {
  await getQueryClient().prefetchQuery(trpc.members.list.queryOptions());
  return (
    <Hydrated>
      <MemberList />
    </Hydrated>
  );
}
