import type { SecretView } from "@/server/domain/secrets";
import type { Command, CommandContext } from "../command";
import { exitCodes } from "../exit-codes";
import type { Json } from "../open-rest-client";
import { paintFor } from "../paint";
import { parseArguments, UsageError } from "../parse-arguments";
import { writeAge } from "../write-duration";
import { writeTable } from "../write-table";

export const secret: Command = {
  name: "secret",
  summary: "Secrets that runs are given as variables: secret set | list | remove | renew",
  help: `
Usage: coppice secret set <NAME> --repo <name> | --workflow <name> [--json]
       coppice secret list --repo <name> | --workflow <name> [--json]
       coppice secret remove <NAME> --repo <name> | --workflow <name> [--json]
       coppice secret renew [--json]

set reads the value from standard input, without the line break at its end, and never from an argument:
  printf %s "$TOKEN" | coppice secret set NPM_TOKEN --repo website
A value is never shown again. A workflow's secret wins over its repository's of the same name.
renew encrypts all with the newest key; the older keys can be thrown away then.
`,
  async carryOut(context, [action, ...args]) {
    const act = action === undefined ? undefined : verbs[action];
    if (act) return act(context, args);
    const known = "secret set, list, remove or renew.";
    throw new UsageError(
      action ? `There is no “secret ${action}”: ${known}` : `Say what: ${known}`,
    );
  },
};

type Act = (context: CommandContext, args: string[]) => Promise<number>;

const options = {
  repo: { type: "string" },
  workflow: { type: "string" },
  json: { type: "boolean" },
} as const;

const verbs: Record<string, Act> = {
  set: async (context, args) => {
    const { values, positionals } = parseArguments(args, options, { least: 1 });
    const path = pathOf(values, positionals[0]);
    const value = (await context.terminal.readInput()).replace(/\r?\n$/, "");
    if (value === "") throw new UsageError("Give the value on standard input.");
    const view = await context.client.send<Json<SecretView>>("PUT", path, { value });
    return tell(
      context,
      values.json,
      view,
      `Set ${view.name}. Runs that start from now on have it.`,
    );
  },
  list: async (context, args) => {
    const { values } = parseArguments(args, options);
    const page = await context.client.get<{ items: Json<SecretView>[] }>(pathOf(values));
    return tell(context, values.json, page, writeSecrets(page.items, context).trimEnd());
  },
  remove: async (context, args) => {
    const { values, positionals } = parseArguments(args, options, { least: 1 });
    const path = pathOf(values, positionals[0]);
    const removed = await context.client.send<{ name: string }>("DELETE", path, {});
    const said = `Removed ${removed.name}. Runs that start from now on do not have it.`;
    return tell(context, values.json, removed, said);
  },
  renew: async (context, args) => {
    const { values } = parseArguments(args, { json: { type: "boolean" } });
    const done = await context.client.send<{ keyId: string; renewed: number }>(
      "POST",
      "/secrets/renew",
      {},
    );
    const said = `Key ${done.keyId}: ${done.renewed} secrets were encrypted anew.`;
    return tell(context, values.json, done, said);
  },
};

function pathOf(
  { repo, workflow }: { repo?: string | undefined; workflow?: string | undefined },
  name?: string,
): string {
  if ((repo === undefined) === (workflow === undefined)) {
    throw new UsageError("Say whose it is: either --repo <name> or --workflow <name>.");
  }
  const [kind, of = ""] = repo === undefined ? ["workflow", workflow] : ["repository", repo];
  const scope = `/secrets/${kind}/${encodeURIComponent(of)}`;
  return name === undefined ? scope : `${scope}/${encodeURIComponent(name)}`;
}

async function tell(
  { terminal }: CommandContext,
  isJson: boolean | undefined,
  answer: unknown,
  said: string,
): Promise<number> {
  await terminal.write(isJson ? `${JSON.stringify(answer, null, 2)}\n` : `${said}\n`);
  return exitCodes.success;
}

function writeSecrets(items: Json<SecretView>[], { terminal }: CommandContext): string {
  if (items.length === 0) return "No secrets.";
  const now = new Date();
  return writeTable(
    items,
    [
      { title: "NAME", read: ({ name }) => name, style: () => "bold" },
      { title: "SET", read: ({ setAt }) => writeAge(setAt, now), isRight: true },
      { title: "BY", read: ({ setBy }) => setBy },
      { title: "KEY", read: ({ keyId }) => keyId },
    ],
    { paint: paintFor(terminal), width: terminal.columns },
  );
}
