import type { FindingKind, WorkspaceFinding } from "@/server/domain/workspace-audit";
import { findAgentCommits } from "./find-agent-commits";
import { findPlantedPrograms } from "./find-planted-programs";
import { git } from "./git";
import { mirrorPath, workspacePath } from "./layout";
import { listFiles } from "./list-files";
import { measureFiles } from "./measure-files";
import { printableName } from "./printable-name";
import { type SurveyWorkspace, surveyWorkspace, type WorkspaceSurvey } from "./survey-workspace";

const maxExamples = 5;

/**
 * Tells what a removal of this workspace would keep, drop or fail to store, with counts and sizes, the
 * most telling first. Only what there is is named. Nothing is changed and nothing of the agent's is run.
 * @throws GitFailed
 */
export async function auditWorkspace(input: SurveyWorkspace): Promise<WorkspaceFinding[]> {
  const survey = await surveyWorkspace(input);
  const workspace = workspacePath(input.home, input.repositoryId, input.workspaceId);
  const [planted, uncollected, sized] = await Promise.all([
    findPlantedPrograms(input.home, workspace),
    findUncollected(input, workspace, survey),
    measureAll(workspace, survey),
  ]);
  const unreadable = survey.unreadable.map((left) => left.path);
  const { state } = survey;
  const git_unusable = state.kind === "usable" ? [] : [state.why ?? state.kind];
  return [
    ...sized,
    name("uncollected_commits", uncollected),
    name("hidden_changes", survey.hidden),
    name("nested_repositories", survey.nested),
    name("unfinished_work", state.unfinished),
    name("git_unusable", git_unusable),
    name("unreadable", unreadable),
    name("special_files", survey.special),
    name("outward_links", survey.outwardLinks),
    name("planted_programs", planted),
    name("empty_folders", survey.emptyFolders),
  ].filter((finding) => finding.count > 0);
}

function name(kind: FindingKind, names: string[]): WorkspaceFinding {
  const examples = names.slice(0, maxExamples).map(printableName);
  return { kind, count: names.length, bytes: null, examples };
}

/** Kinds of which it matters how much they take; a folder counts by the files in it. */
async function measureAll(workspace: string, survey: WorkspaceSurvey): Promise<WorkspaceFinding[]> {
  const kinds: [FindingKind, string[]][] = [
    ["unrecorded_files", [...survey.changed, ...survey.deleted]],
    ["large_files", survey.large],
    ["ignored_files", survey.ignored],
    ["rebuildable_files", survey.rebuildable],
    ["submodule_files", survey.submodules],
  ];
  const found: WorkspaceFinding[] = [];
  for (const [kind, names] of kinds) {
    const isOfFolders = names.some((one) => one.endsWith("/")) || kind === "submodule_files";
    const files = isOfFolders ? (await listFiles(workspace, names)).files : names;
    const bytes = await measureFiles(workspace, files);
    found.push({ ...name(kind, names), count: files.length, bytes });
  }
  return found;
}

/** Refs of the agent's repository whose commits the mirror lacks. */
async function findUncollected(
  { home, repositoryId, signal }: SurveyWorkspace,
  workspace: string,
  { state }: WorkspaceSurvey,
): Promise<string[]> {
  if (state.kind !== "usable") return [];
  const { named } = await findAgentCommits(`${workspace}/.git`, state);
  if (named.size === 0) return [];
  const { stdout } = await git(["cat-file", "--batch-check=%(objecttype)"], {
    home,
    gitDir: mirrorPath(home, repositoryId),
    input: `${[...named.values()].join("\n")}\n`,
    signal,
  });
  const lines = stdout.toString().split("\n");
  return [...named.keys()].filter((_, at) => lines[at]?.endsWith(" missing"));
}
