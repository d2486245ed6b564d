"use client";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { type FormEvent, useEffect, useState } from "react";
import { readError } from "@/components/live/read-error";
import { useTRPC } from "@/components/live/trpc";
import { PersonFields } from "@/components/members/person-fields";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { signIn } from "./sign-in";

/**
 * Makes the first account. The one-time token comes after the # of the address, which no server
 * and no log ever sees, and is taken out of it at once.
 */
export function SetUpForm() {
  const trpc = useTRPC();
  const [token, setToken] = useState<string | null>(null);
  const setUp = useMutation(
    trpc.members.setUp.mutationOptions({
      onSuccess: async (member, { password }) => {
        await signIn(member.email, password).then(
          () => window.location.assign("/"),
          () => window.location.assign("/sign-in"),
        );
      },
    }),
  );
  useEffect(() => {
    const found = readToken(window.location.hash);
    if (found) window.history.replaceState(null, "", window.location.pathname);
    setToken((known) => found || known || "");
  }, []);

  const fields = setUp.error ? readError(setUp.error).fields : {};
  const isBusy = setUp.isPending || setUp.isSuccess;
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (isBusy || !token) return;
    setUp.mutate({
      token,
      name: String(form.get("name")),
      email: String(form.get("email")),
      password: String(form.get("password")),
    });
  };

  if (token === "") {
    return (
      <p className="text-quiet">
        This address needs the token of the set-up link. Open the whole link that Coppice printed
        when it started.
      </p>
    );
  }
  return (
    <form method="post" className="flex flex-col gap-4" onSubmit={send}>
      <PersonFields fields={fields} passwordHint="At least 12 characters." />
      {setUp.error && <ErrorNote error={setUp.error} />}
      <Button type="submit" look="primary" className="justify-center" disabled={isBusy || !token}>
        {isBusy ? "Setting up…" : "Make the account"}
      </Button>
      <p className="text-xs text-faint">
        Somebody has an account already?{" "}
        <Link href="/sign-in" className="underline">
          Sign in
        </Link>
      </p>
    </form>
  );
}

function readToken(hash: string): string {
  const text = decodeURIComponent(hash.replace(/^#/, ""));
  return text.startsWith("token=") ? text.slice("token=".length) : text;
}
