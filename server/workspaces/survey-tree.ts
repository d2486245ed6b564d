import { access, constants, readlink } from "node:fs/promises";
import path from "node:path";
import type { LeftOut } from "./capture-workspace";
import { joinRaw } from "./raw-path";
import { walkTree } from "./walk-tree";

/** What a folder holds that a tree of git does not show. */
export interface TreeSurvey {
  /** Folders with a repository of their own, the outer ones first. */
  nested: string[];
  /** Pipes, sockets and devices. */
  special: string[];
  emptyFolders: string[];
  /** Links whose text leads out of the workspace. */
  outwardLinks: string[];
  unreadable: LeftOut[];
}

/** Walks a workspace, what is named to be passed over apart. */
export async function surveyTree(workspace: string, passedOver: string[]): Promise<TreeSurvey> {
  const skipped = new Set(passedOver.map((name) => name.replace(/\/$/, "")));
  const survey: TreeSurvey = {
    nested: [],
    special: [],
    emptyFolders: [],
    outwardLinks: [],
    unreadable: [],
  };
  for await (const entry of walkTree(Buffer.from(workspace), "", (name) => skipped.has(name))) {
    const { name, kind, entries, problem } = entry;
    if (problem) survey.unreadable.push({ path: name, why: problem });
    if (kind === "folder" && entries?.length === 0 && name !== "") survey.emptyFolders.push(name);
    if (kind === "folder" && name !== "" && entries?.includes(".git")) survey.nested.push(name);
    if (kind === "other") survey.special.push(name);
    if (kind === "link" && (await leadsOut(workspace, name))) survey.outwardLinks.push(name);
    if (kind === "file") await testReading(workspace, name, survey);
  }
  return survey;
}

async function leadsOut(workspace: string, name: string): Promise<boolean> {
  const target = await readlink(joinRaw(workspace, name), "latin1").catch(whenGone);
  if (target === null || target === undefined) return false;
  const from = path.posix.dirname(`/workspace/${name}`);
  return !`${path.posix.resolve(from, target)}/`.startsWith("/workspace/");
}

async function testReading(workspace: string, name: string, survey: TreeSurvey): Promise<void> {
  try {
    await access(joinRaw(workspace, name), constants.R_OK);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    if (!["EACCES", "EPERM", "ENAMETOOLONG"].includes(code)) throw error;
    survey.unreadable.push({ path: name, why: message });
  }
}

function whenGone(error: NodeJS.ErrnoException): null {
  if (!["ENOENT", "EINVAL", "ENAMETOOLONG", "EACCES"].includes(error.code ?? "")) throw error;
  return null;
}
