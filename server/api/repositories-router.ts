import { repositoryViewSchema } from "@/server/domain/views";
import { repositorySettingsViewSchema } from "@/server/domain/workspace-commands";
import { addRepository, addRepositoryInputSchema } from "@/server/repositories/add-repository";
import {
  changeRepository,
  changeRepositoryInputSchema,
} from "@/server/repositories/change-repository";
import { getRepository, getRepositoryInputSchema } from "@/server/repositories/get-repository";
import { getRepositorySettings } from "@/server/repositories/get-repository-settings";
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

  settings: viewerProcedure
    .meta(rest("GET", "/repositories/{name}/settings", "A repository's set-up and checks"))
    .input(getRepositoryInputSchema)
    .output(repositorySettingsViewSchema)
    .query(({ ctx, input }) => getRepositorySettings(ctx.db, input)),

  change: adminProcedure
    .meta(rest("PATCH", "/repositories/{name}", "Change a repository's set-up and checks"))
    .input(changeRepositoryInputSchema)
    .output(repositorySettingsViewSchema)
    .mutation(({ ctx, input }) => changeRepository(ctx, input)),

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
