import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { repositoryIdSchema, workspaceIdSchema } from "@/server/domain/ids";

/** A folder or file found where Coppice keeps its own. */
export interface HostFolder {
  path: string;
  /** The id that its name is made of, in lower case; null when it is no name of ours. */
  id: string | null;
  /** The repository whose folder it lies in, where there is one. */
  repositoryId: string | null;
  /** Made beside its place by a process that may have died; no agent has ever been in it. */
  isHalfMade: boolean;
  changedAt: Date;
}

export interface HostFolders {
  workspaces: HostFolder[];
  /** The id is that of the spare, which its shadow has too. */
  spares: HostFolder[];
  shadows: HostFolder[];
  /** The id is the repository's. */
  mirrors: HostFolder[];
}

/** Lists, without going into them, all folders that hold git: what lies elsewhere is nobody's. */
export async function listHostFolders(home: string): Promise<HostFolders> {
  const [workspaces, spares] = await listCheckouts(path.join(home, "workspaces"));
  const shadows = await listIn(path.join(home, "shadows"), ".git");
  const mirrors = await listIn(path.join(home, "repositories"), ".git");
  // Beside mirrors lie their locks, too.
  const isNamedByUs = ({ id }: HostFolder) => id !== null;
  return {
    workspaces,
    spares,
    shadows: shadows.filter(isNamedByUs),
    mirrors: mirrors.filter(isNamedByUs),
  };
}

/** What is on its way out, and what was left when this host was declared lost: `layout.ts` names both. */
const setAside = [".trash", ".left"];

async function listCheckouts(root: string): Promise<[HostFolder[], HostFolder[]]> {
  const workspaces: HostFolder[] = [];
  const spares: HostFolder[] = [];
  for (const name of await listNames(root)) {
    if (setAside.includes(name)) continue;
    const folder = path.join(root, name);
    const repositoryId = repositoryIdSchema.safeParse(name).data ?? null;
    if (!repositoryId) {
      workspaces.push(await lookAt(folder, null, null, false));
      continue;
    }
    for (const inner of await listIn(folder, "")) {
      if (path.basename(inner.path) === ".spare") spares.push(...(await listSpares(inner.path)));
      else workspaces.push({ ...inner, repositoryId });
    }
  }
  return [workspaces, spares];
}

async function listSpares(folder: string): Promise<HostFolder[]> {
  return Promise.all(
    (await listNames(folder)).map((name) => {
      const [, id, half] = /^[0-9a-f]{40,64}-([0-9a-f-]{36})(\.half)?$/.exec(name) ?? [];
      const repositoryId = path.basename(path.dirname(folder));
      return lookAt(path.join(folder, name), id ?? null, repositoryId, half !== undefined);
    }),
  );
}

/** Names of the form `<id><suffix>`, and `<id><suffix>.new-<uuid>` for what is still being made. */
async function listIn(folder: string, suffix: string): Promise<HostFolder[]> {
  return Promise.all(
    (await listNames(folder)).map((name) => {
      const [plain = "", half] = name.split(/\.new-[0-9a-f-]{36}$/);
      const isHalfMade = half !== undefined;
      const id = plain.endsWith(suffix) ? plain.slice(0, plain.length - suffix.length) : "";
      const known = workspaceIdSchema.safeParse(id).data ?? null;
      return lookAt(path.join(folder, name), known, null, isHalfMade && known !== null);
    }),
  );
}

async function lookAt(
  folder: string,
  id: string | null,
  repositoryId: string | null,
  isHalfMade: boolean,
): Promise<HostFolder> {
  const changedAt = await stat(folder).then(
    ({ mtime }) => mtime,
    // Gone again, or a link to nothing: as old as can be, so that it is looked at.
    () => new Date(0),
  );
  return { path: folder, id, repositoryId, isHalfMade, changedAt };
}

async function listNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
