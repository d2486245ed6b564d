import type { Actor } from "@/server/domain/actor";

/** Who starts and removes things in these tests. */
export const tester: Actor = { kind: "member", id: "tester", name: "Tess", role: "admin" };
