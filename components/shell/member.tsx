"use client";
import { createContext, type ReactNode, use } from "react";
import type { Role } from "@/server/domain/actor";

/** The person (or token) who reads these pages. The server checks every act; this only hides. */
export interface Me {
  name: string;
  role: Role;
}

const Context = createContext<Me>({ name: "", role: "viewer" });

export function MemberProvider({ me, children }: { me: Me; children: ReactNode }) {
  return <Context value={me}>{children}</Context>;
}

export function useMember(): Me & { isAdmin: boolean; mayOperate: boolean } {
  const me = use(Context);
  return { ...me, isAdmin: me.role === "admin", mayOperate: me.role !== "viewer" };
}
