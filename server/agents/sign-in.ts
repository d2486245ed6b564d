import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { AgentKind } from "@/server/domain/workflow";
import { hasCode } from "./has-code";

/** Where an operator's sign-in lies, and the copy of it in a session's HOME. */
export interface SignInPlaces {
  kind: AgentKind;
  homePath: string;
  operatorHome: string;
  /** The worker's own: it may name another folder, or hold a key. */
  environment?: Variables;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** One agent's file of a sign-in. */
interface SignInFile<Content> {
  schema: z.ZodType<Content>;
  path(home: string): string;
  operatorPath(places: SignInPlaces): string;
  /** From the worker's environment, where there is no file. */
  fromEnvironment(environment: Variables): Content | null;
  /** Theirs taken into ours; null when it is not newer, or not to be believed. */
  merge(ours: Content, theirs: Content): Content | null;
}

/** Copies the operator's sign-in into a session's HOME. Answers whether there was one. */
export function copySignIn(places: SignInPlaces): boolean {
  const file = fileOf(places.kind);
  if (!file) return false;
  // A worker that died before it brought a refreshed one back left the only one of worth here.
  keepSignIn(places);
  const ours =
    readSignIn(file, file.operatorPath(places)) ?? file.fromEnvironment(places.environment ?? {});
  if (ours) writePrivately(file.path(places.homePath), ours);
  return ours !== null;
}

/**
 * Brings a sign-in that the agent has refreshed back to the operator, because a refresh makes the
 * old one worthless. Only a well-formed one that is newer is taken. Answers whether it was.
 */
export function keepSignIn(places: SignInPlaces): boolean {
  const file = fileOf(places.kind);
  if (!file) return false;
  const theirs = readSignIn(file, file.path(places.homePath));
  const ours = readSignIn(file, file.operatorPath(places));
  const merged = ours && theirs && file.merge(ours, theirs);
  if (!merged) return false;
  writePrivately(file.operatorPath(places), merged);
  return true;
}

const claudeSchema = z.looseObject({
  claudeAiOauth: z.looseObject({
    accessToken: z.string().min(1),
    refreshToken: z.string().min(1),
    expiresAt: z.number(),
  }),
});

const claudePath = (home: string) => join(home, ".claude", ".credentials.json");

const claudeFile: SignInFile<z.infer<typeof claudeSchema>> = {
  schema: claudeSchema,
  path: claudePath,
  operatorPath: ({ operatorHome }) => claudePath(operatorHome),
  // Claude Code reads its variables itself.
  fromEnvironment: () => null,
  merge: (ours, theirs) => {
    const isNewer = theirs.claudeAiOauth.expiresAt > ours.claudeAiOauth.expiresAt;
    const isPlausible = theirs.claudeAiOauth.expiresAt < Date.now() + 30 * 24 * 3600 * 1000;
    if (!isNewer || !isPlausible) return null;
    const { accessToken, refreshToken, expiresAt } = theirs.claudeAiOauth;
    const merged = { ...ours.claudeAiOauth, accessToken, refreshToken, expiresAt };
    return { ...ours, claudeAiOauth: merged };
  },
};

const tokensSchema = z.looseObject({
  id_token: z.string().min(1),
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  account_id: z.string().nullish(),
});
const codexSchema = z.looseObject({
  OPENAI_API_KEY: z.string().min(1).nullish(),
  tokens: tokensSchema.nullish(),
  last_refresh: z.iso.datetime({ offset: true }).nullish(),
});

const codexFile: SignInFile<z.infer<typeof codexSchema>> = {
  schema: codexSchema,
  path: (home) => join(home, ".codex", "auth.json"),
  operatorPath: ({ operatorHome, environment }) =>
    join(environment?.CODEX_HOME || join(operatorHome, ".codex"), "auth.json"),
  /** The app server takes a key from its file only, not from a variable. */
  fromEnvironment: ({ OPENAI_API_KEY, CODEX_API_KEY }) => {
    const key = CODEX_API_KEY || OPENAI_API_KEY;
    return key ? { OPENAI_API_KEY: key } : null;
  },
  merge: (ours, theirs) => {
    if (!ours.tokens || !theirs.tokens || !theirs.last_refresh) return null;
    if (ours.tokens.account_id !== theirs.tokens.account_id) return null;
    const at = Date.parse(theirs.last_refresh);
    const isNewer = at > (ours.last_refresh ? Date.parse(ours.last_refresh) : 0);
    if (!isNewer || at > Date.now() + 60_000) return null;
    const { id_token, access_token, refresh_token } = theirs.tokens;
    const tokens = { ...ours.tokens, id_token, access_token, refresh_token };
    return { ...ours, tokens, last_refresh: theirs.last_refresh };
  },
};

function fileOf(kind: AgentKind): SignInFile<object> | null {
  if (kind === "claude-code") return claudeFile as SignInFile<object>;
  if (kind === "codex") return codexFile as SignInFile<object>;
  return null;
}

function readSignIn<Content>(file: SignInFile<Content>, path: string): Content | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES", "ENOTDIR")) return null;
    throw error;
  }
  const parsed = file.schema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

/** The file belongs to another program, and the session's copy to the agent: it may hold anything. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function writePrivately(path: string, content: unknown): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.coppice-${process.pid}`;
  writeFileSync(temporary, JSON.stringify(content), { mode: 0o600 });
  chmodSync(temporary, 0o600);
  renameSync(temporary, path);
}
