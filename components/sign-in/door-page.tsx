import type { ReactNode } from "react";
import { Logo } from "@/components/shell/logo";

/** The bare page of those who are not signed in yet. */
export function DoorPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center gap-6 px-4 py-12">
      <div>
        <p className="mb-6 flex items-center gap-2 text-base font-semibold">
          <Logo />
          Coppice
        </p>
        <h1 className="text-xl font-semibold">{title}</h1>
      </div>
      {children}
    </main>
  );
}
