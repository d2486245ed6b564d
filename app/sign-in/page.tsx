import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { DoorPage } from "@/components/sign-in/door-page";
import { SignInForm } from "@/components/sign-in/sign-in-form";
import { caller, findReader } from "../trpc-server";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage() {
  if (await findReader()) redirect("/");
  const { isOpen } = await caller.members.setUpState();
  return (
    <DoorPage title="Sign in">
      {isOpen && (
        <p className="border-l-2 pl-3 text-quiet">
          Nobody has an account yet. Open the set-up link that Coppice printed when it started.
        </p>
      )}
      <SignInForm />
    </DoorPage>
  );
}
