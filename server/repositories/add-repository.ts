import { eq } from "drizzle-orm";
import { z } from "zod";
import { violatedConstraint } from "@/db/errors";
import { repositories } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { BadInput, Conflict, Unprocessable } from "@/server/domain/errors";
import { parseBranchName, parseOrigin } from "@/server/domain/git-names";
import { workerIdSchema } from "@/server/domain/ids";
import { limits } from "@/server/domain/limits";
import { parseInput } from "@/server/domain/parse-input";
import type { RepositoryView } from "@/server/domain/views";
import { repositoryNameSchema } from "@/server/domain/workflow";
import { askHost } from "@/server/host-requests/ask-host";
import type { VerbContext } from "@/server/runs/context";
import { getRepository } from "./get-repository";

export const addRepositoryInputSchema = z.strictObject({
  name: repositoryNameSchema,
  /** An absolute path on a worker's host, or an https or ssh address. */
  origin: z.string().min(1).max(limits.maxOriginLength),
  /** The origin's own default branch otherwise. */
  defaultBranch: z.string().max(limits.maxBranchLength).nullish(),
});

const inspectionSchema = z.object({
  defaultBranch: z.string().nullable(),
  headSha: z.string().nullable(),
  branches: z.array(z.string()),
  workerId: workerIdSchema,
});
type Inspection = z.infer<typeof inspectionSchema>;

/**
 * Registers a git repository after a worker has read it.
 * @throws BadInput for a wrong name, address or branch; Conflict when the name is taken; Unavailable
 *   when no worker can look at the origin; Unprocessable when it holds no commit.
 */
export async function addRepository(
  context: VerbContext,
  input: z.input<typeof addRepositoryInputSchema>,
): Promise<RepositoryView> {
  const { name, origin: address, ...wanted } = parseInput(addRepositoryInputSchema, input);
  const origin = parseOrigin(address);
  const asked = wanted.defaultBranch
    ? parseBranchName(wanted.defaultBranch, "defaultBranch")
    : null;
  await refuseTakenName(context, name);
  const inspection = await inspectOrigin(context, address, asked);
  await insertRepository(context, {
    name,
    origin: address,
    defaultBranch: chooseBranch(asked, inspection),
    workerId: origin.kind === "local" ? inspection.workerId : null,
    createdBy: nameActor(context.actor),
    createdAt: context.now,
  });
  return getRepository(context.db, { name });
}

async function refuseTakenName({ db }: VerbContext, name: string): Promise<void> {
  const [taken] = await db
    .select({ id: repositories.id })
    .from(repositories)
    .where(eq(repositories.name, name));
  if (taken) throw nameTaken(name);
}

async function inspectOrigin(
  context: VerbContext,
  origin: string,
  defaultBranch: string | null,
): Promise<Inspection> {
  const answer = await askHost(context, {
    kind: "inspect_origin",
    input: { origin, ...(defaultBranch ? { defaultBranch } : {}) },
    workerId: null,
  });
  return inspectionSchema.parse(answer);
}

function chooseBranch(asked: string | null, { defaultBranch, branches }: Inspection): string {
  if (branches.length === 0) {
    throw new Unprocessable("The repository has no branch with a commit yet.", {
      fields: { origin: "It holds no commit." },
      hint: "Make a first commit there, then register it.",
    });
  }
  const named = `It has ${branches.slice(0, 20).join(", ")}${branches.length > 20 ? ", …" : ""}.`;
  if (asked && !branches.includes(asked)) {
    throw new BadInput(`The repository has no branch “${asked}”. ${named}`, {
      fields: { defaultBranch: `There is no such branch. ${named}` },
    });
  }
  const chosen = asked ?? defaultBranch;
  if (chosen && branches.includes(chosen)) return parseBranchName(chosen, "defaultBranch");
  throw new BadInput(`The repository does not say which branch is its default. ${named}`, {
    fields: { defaultBranch: `Name one of its branches. ${named}` },
  });
}

async function insertRepository(
  { db, actor, now }: VerbContext,
  row: typeof repositories.$inferInsert,
): Promise<void> {
  await db
    .transaction(async (tx) => {
      await tx.insert(repositories).values(row);
      await recordAudit(tx, {
        actor,
        action: "repository.added",
        target: `repository:${row.name}`,
        facts: { origin: row.origin, defaultBranch: row.defaultBranch },
        now,
      });
    })
    .catch((error: unknown) => {
      if (violatedConstraint(error)?.startsWith("repositories_name")) throw nameTaken(row.name);
      throw error;
    });
}

function nameTaken(name: string): Conflict {
  return new Conflict(`A repository named “${name}” exists already.`, {
    fields: { name: "This name is taken." },
    hint: "Choose another name, or use the repository that is registered.",
  });
}
