import { repositoryViewSchema } from "@/server/domain/views";
import { addRepository, addRepositoryInputSchema } from "@/server/repositories/add-repository";
import { getRepository, getRepositoryInputSchema } from "@/server/repositories/get-repository";
import { keepAtOrigin, keepAtOriginInputSchema } from "@/server/repositories/keep-at-origin";
import {
  listRepositories,
  listRepositoriesInputSchema,
} from "@/server/repositories/list-repositories";
import { rest } from "./rest-meta";
import { pageOf } from "./shapes";
import { adminProcedure, router, viewerProcedure } from "./trpc";

export const repositoriesRouter = router({
  list: viewerProcedure
    .meta(rest("GET", "/repositories", "The registered repositories, by name"))
    .input(listRepositoriesInputSchema)
    .output(pageOf(repositoryViewSchema))
    .query(({ ctx, input }) => listRepositories(ctx.db, input)),

  get: viewerProcedure
    .meta(rest("GET", "/repositories/{name}", "A repository, by its name or id"))
    .input(getRepositoryInputSchema)
    .output(repositoryViewSchema)
    .query(({ ctx, input }) => getRepository(ctx.db, input)),

  add: adminProcedure
    .meta(rest("POST", "/repositories", "Register a repository"))
    .input(addRepositoryInputSchema)
    .output(repositoryViewSchema)
    .mutation(({ ctx, input }) => addRepository(ctx, input)),

  keepAtOrigin: adminProcedure
    .meta(
      rest(
        "POST",
        "/repositories/{name}/keep-at-origin",
        "Set whether work is pushed to the origin under refs/coppice too",
      ),
    )
    .input(keepAtOriginInputSchema)
    .output(repositoryViewSchema)
    .mutation(({ ctx, input }) => keepAtOrigin(ctx, input)),
});
