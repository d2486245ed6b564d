import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { BadInput, DomainError } from "@/server/domain/errors";
import type { WorkflowView } from "@/server/domain/views";
import { workflowDefinitionSchema } from "@/server/domain/workflow";
import type { CommandContext } from "./command";
import { exitCodes } from "./exit-codes";
import type { Json, RestClient } from "./open-rest-client";

type WorkflowFile = { name: string } & Record<string, unknown>;

/**
 * Makes the workflows of JSON files, or gives those that exist a new version. All files are read
 * before the first one is sent. @throws BadInput for a file that cannot be read as workflows.
 */
export async function importWorkflows(
  { terminal, client }: CommandContext,
  files: string[],
): Promise<number> {
  const workflows: WorkflowFile[] = [];
  for (const file of files) {
    const text =
      file === "-"
        ? await terminal.readInput()
        : await readText(path.resolve(terminal.folder, file));
    workflows.push(...parseFile(file, text));
  }
  for (const workflow of workflows) {
    const { name, version, was } = await save(client, workflow);
    const said = was === version ? "unchanged" : was === null ? "new" : "changed";
    await terminal.write(`${name}: version ${version}, ${said}\n`);
  }
  return exitCodes.success;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new BadInput(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

const fileSchema = z
  .union([z.looseObject({ name: z.string() }), z.array(z.looseObject({ name: z.string() }))])
  .transform((content) => (Array.isArray(content) ? content : [content]));

function parseFile(file: string, text: string): WorkflowFile[] {
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new BadInput(`${file} does not hold workflows as JSON.`, {
      cause: error,
      hint: "“coppice workflow export” writes such files: one workflow, or an array of them.",
    });
  }
}

async function save(client: RestClient, workflow: WorkflowFile) {
  const address = `/workflows/${encodeURIComponent(workflow.name)}`;
  const existing = await readExisting(client, address);
  if (!existing) {
    const made = await client.send<Json<WorkflowView>>("POST", "/workflows", workflow);
    return { name: made.name, version: made.version, was: null };
  }
  const { name: _, ...definition } = workflow;
  const saved = await client.send<Json<WorkflowView>>("PATCH", address, {
    ...emptyDefinition,
    ...definition,
  });
  return { name: saved.name, version: saved.version, was: existing.version };
}

/** So that a field which the file does not have is cleared, and not kept from the version before. */
const emptyDefinition = Object.fromEntries(
  Object.entries(workflowDefinitionSchema.shape).flatMap(([field, schema]) => {
    if (field === "agent") return [];
    const unset = schema.safeParse(undefined);
    return [[field, unset.success ? (unset.data ?? null) : null]];
  }),
);

async function readExisting(
  client: RestClient,
  address: string,
): Promise<Json<WorkflowView> | null> {
  try {
    return await client.get<Json<WorkflowView>>(address);
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") return null;
    throw error;
  }
}
