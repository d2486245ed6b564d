import { z } from "zod";
import { roleSchema } from "@/server/domain/actor";
import { memberViewSchema } from "@/server/domain/views";
import { addMember, addMemberInputSchema } from "@/server/members/add-member";
import { findSetUpState } from "@/server/members/find-set-up-state";
import { listMembers } from "@/server/members/list-members";
import { setMemberRole, setMemberRoleInputSchema } from "@/server/members/set-member-role";
import { setUpInputSchema } from "@/server/members/set-up-first-member";
import { rest } from "./rest-meta";
import { setUpThroughDoor } from "./set-up-through-door";
import { itemsOf } from "./shapes";
import { adminProcedure, publicProcedure, router, viewerProcedure } from "./trpc";

const meSchema = z.object({
  kind: z.enum(["member", "token"]),
  name: z.string(),
  role: roleSchema,
});

export const membersRouter = router({
  me: viewerProcedure
    .meta(rest("GET", "/me", "Who is asking"))
    .output(meSchema)
    .query(({ ctx: { actor } }) => meSchema.parse(actor)),

  list: viewerProcedure
    .meta(rest("GET", "/members", "Who has an account"))
    .output(itemsOf(memberViewSchema))
    .query(({ ctx }) => listMembers(ctx.db)),

  add: adminProcedure
    .meta(rest("POST", "/members", "Make an account"))
    .input(addMemberInputSchema)
    .output(memberViewSchema)
    .mutation(({ ctx, input }) => addMember(ctx, input)),

  setRole: adminProcedure
    .meta(rest("POST", "/members/{id}/role", "Change what a member may do"))
    .input(setMemberRoleInputSchema)
    .output(memberViewSchema)
    .mutation(({ ctx, input }) => setMemberRole(ctx, input)),

  setUpState: publicProcedure
    .output(z.object({ isOpen: z.boolean() }))
    .query(({ ctx }) => findSetUpState(ctx.db)),

  setUp: publicProcedure
    .input(setUpInputSchema)
    .output(memberViewSchema)
    .mutation(({ ctx, input }) => setUpThroughDoor(ctx, input)),
});
