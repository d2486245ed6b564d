import type { Metadata } from "next";
import { QueryProvider } from "@/components/live/query-provider";
import { DoorPage } from "@/components/sign-in/door-page";
import { SetUpForm } from "@/components/sign-in/set-up-form";
import { ButtonLink } from "@/components/ui/button-link";
import { caller } from "../trpc-server";

export const metadata: Metadata = { title: "Set up", referrer: "no-referrer" };

export default async function SetUpPage() {
  const { isOpen } = await caller.members.setUpState();
  if (!isOpen) {
    return (
      <DoorPage title="Coppice is set up already">
        <p className="text-quiet">
          This link was used, and it works only once. Sign in, or ask an admin for an account.
        </p>
        <div>
          <ButtonLink href="/sign-in">Sign in</ButtonLink>
        </div>
      </DoorPage>
    );
  }
  return (
    <DoorPage title="Make the first account">
      <p className="text-quiet">It is an admin's, and can add the others.</p>
      <QueryProvider>
        <SetUpForm />
      </QueryProvider>
    </DoorPage>
  );
}
