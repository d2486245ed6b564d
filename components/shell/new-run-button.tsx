"use client";
import { Plus } from "lucide-react";
import { ButtonLink } from "@/components/ui/button-link";
import { useMember } from "./member";

export function NewRunButton() {
  if (!useMember().mayOperate) return null;
  return (
    <ButtonLink href="/runs/new" look="primary" title="New run (n)" className="max-md:px-2">
      <Plus aria-hidden className="size-4" />
      <span className="max-md:sr-only">New run</span>
    </ButtonLink>
  );
}
