import { z } from "zod";
import { utf8Length } from "./limits";

/** A shorter value cannot be told from ordinary text, so that it could not be covered. */
const minSecretLength = 8;
const maxSecretBytes = 16 * 1024;
export const maxSecretsPerScope = 100;

const reservedNames = new Set([
  ...["PATH", "HOME", "PWD", "OLDPWD", "SHELL", "USER", "LOGNAME", "IFS", "ENV", "BASH_ENV"],
  ...["SHELLOPTS", "BASHOPTS", "PS4", "PROMPT_COMMAND", "TMPDIR", "TMP", "TEMP", "IS_SANDBOX"],
  ...["NODE_OPTIONS", "NODE_PATH", "PYTHONSTARTUP", "PYTHONPATH", "PYTHONHOME", "RUBYOPT"],
  ...["PERL5OPT", "PERL5LIB", "JAVA_TOOL_OPTIONS", "SSH_ASKPASS", "DATABASE_URL", "LANG", "TERM"],
  "CODEX_HOME",
]);
const reservedBeginnings = ["COPPICE_", "LD_", "DYLD_", "GIT_", "BASH_FUNC_", "LC_"];

/** Why a secret may not have this name; null when it may. */
export function findSecretNameFault(name: string): string | null {
  if (!/^[A-Z_][A-Z0-9_]*$/.test(name)) {
    return "Use capital letters, digits and “_”, not beginning with a digit, e.g. NPM_TOKEN.";
  }
  const isReserved =
    reservedNames.has(name) || reservedBeginnings.some((start) => name.startsWith(start));
  if (!isReserved) return null;
  return `“${name}” is reserved: it would change how programs start. Choose another name.`;
}

export const secretNameSchema = z
  .string()
  .max(100)
  .superRefine((name, context) => {
    const fault = findSecretNameFault(name);
    if (fault) context.addIssue({ code: "custom", message: fault });
  });

export const secretValueSchema = z
  .string()
  .min(minSecretLength, `At least ${minSecretLength} characters: a shorter one cannot be covered.`)
  .refine((value) => utf8Length(value) <= maxSecretBytes, {
    message: `At most ${maxSecretBytes / 1024} KiB.`,
  })
  .refine((value) => !hasControlCharacter(value), "No control characters but line breaks.")
  .refine((value) => new Set(value).size >= 3, {
    message: "A value of one or two different characters would cover ordinary text everywhere.",
  });

function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text.replace(/[\t\n\r]/g, ""));
}

/** What a secret belongs to. */
const secretScopes = ["repository", "workflow"] as const;
export const secretScopeSchema = z.strictObject({
  kind: z.enum(secretScopes),
  /** The name of the repository or workflow. */
  of: z.string().min(1).max(200),
});
export type SecretScope = z.infer<typeof secretScopeSchema>;

/** All that is ever told of a secret: never its value, nor a part of it. */
export const secretViewSchema = z.object({
  name: z.string(),
  setBy: z.string(),
  setAt: z.date(),
  /** Which key it is encrypted with. */
  keyId: z.string(),
});
export type SecretView = z.infer<typeof secretViewSchema>;

/** One secret that was read, as a run is to have it. */
export interface ScopedSecret {
  scope: SecretScope["kind"];
  name: string;
  value: string;
}

/** What a run is given: its repository's secrets and its workflow's, which win. */
export function resolveSecrets(found: readonly ScopedSecret[]): Record<string, string> {
  const of = (scope: SecretScope["kind"]) =>
    found.filter((secret) => secret.scope === scope).map(({ name, value }) => [name, value]);
  return Object.fromEntries([...of("repository"), ...of("workflow")]);
}
