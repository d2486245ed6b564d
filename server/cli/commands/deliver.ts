import { setTimeout as delay } from "node:timers/promises";
import {
  type AskedKind,
  type DeliveryPreview,
  type DeliveryView,
  isOpenDelivery,
} from "@/server/domain/delivery";
import type { Command, CommandContext } from "../command";
import { exitCodes } from "../exit-codes";
import { findRun } from "../find-run";
import type { Json } from "../open-rest-client";
import { parseArguments, UsageError } from "../parse-arguments";
import { writeDelivery, writePreview } from "../write-delivery";

const options = {
  push: { type: "boolean" },
  merge: { type: "boolean" },
  pr: { type: "boolean" },
  target: { type: "string" },
  method: { type: "string" },
  "dry-run": { type: "boolean" },
  list: { type: "boolean" },
  undo: { type: "string" },
  revert: { type: "boolean" },
  "no-wait": { type: "boolean" },
  json: { type: "boolean" },
} as const;

interface KindFlags {
  push?: boolean | undefined;
  merge?: boolean | undefined;
  pr?: boolean | undefined;
}

interface Wishes {
  "dry-run"?: boolean | undefined;
  "no-wait"?: boolean | undefined;
  json?: boolean | undefined;
}

export const deliver: Command = {
  name: "deliver",
  summary: "Push or merge a run's work, offer it as a pull request, or take that back",
  help: `
Usage: coppice deliver <run> [--push | --merge | --pr] [--target <branch>] [--method <m>] [--dry-run]
       coppice deliver <run> --list
       coppice deliver --undo <delivery id> [--revert] [--dry-run]

  --push              push the work as a branch (the default); --target names another than the run's
  --merge             merge it into --target, without it into the repository's default branch
  --pr                push the branch and open a pull request into --target, or bring it up to date
  --method <m>        of a merge: fast_forward, merge_commit (the default), squash or rebase
  --dry-run           say what would be done, and do nothing
  --undo <id>         take a delivery back; --revert by one commit more, also where it could be moved back
  --no-wait           do not wait until it is done
  --json              print the delivery, or the preview, as JSON

Exit codes: 0 delivered, 2 refused, in conflict or failed.
`,
  async carryOut(context, args) {
    const { values, positionals } = parseArguments(args, options, { least: 0, most: 1 });
    const [text] = positionals;
    if (values.undo !== undefined) {
      if (text) throw new UsageError("--undo takes the id of a delivery and no run.");
      const path = `/deliveries/${encodeURIComponent(values.undo)}/undo`;
      return act(context, path, { isRevert: values.revert ?? false }, values);
    }
    if (!text) throw new UsageError("Name a run, or a delivery with --undo.");
    const { run } = await findRun(context.client, text);
    if (values.list) return list(context, run.id, values);
    const wish = { kind: readKind(values), target: values.target, method: values.method };
    return act(context, `/runs/${run.id}/deliveries`, wish, values);
  },
};

function readKind({ push, merge, pr }: KindFlags): AskedKind {
  const kinds: AskedKind[] = [];
  if (push) kinds.push("push");
  if (merge) kinds.push("merge");
  if (pr) kinds.push("pull_request");
  if (kinds.length > 1) throw new UsageError("Choose one of --push, --merge and --pr.");
  return kinds[0] ?? "push";
}

async function act(
  { client, terminal }: CommandContext,
  path: string,
  body: object,
  wishes: Wishes,
): Promise<number> {
  if (wishes["dry-run"]) {
    const preview = await client.send<Json<DeliveryPreview>>("POST", `${path}/preview`, body);
    await terminal.write(wishes.json ? write(preview) : writePreview(preview));
    const isPossible = preview.outcome !== "refused" && preview.outcome !== "conflict";
    return isPossible ? exitCodes.success : exitCodes.failed;
  }
  let view = await client.send<Json<DeliveryView>>("POST", path, body);
  while (isOpenDelivery(view.state) && !wishes["no-wait"]) {
    await delay(500);
    view = await client.get<Json<DeliveryView>>(`/deliveries/${view.id}`);
  }
  await terminal.write(wishes.json ? write(view) : writeDelivery(view));
  const isFine = ["planned", "running", "delivered", "undone"].includes(view.state);
  return isFine ? exitCodes.success : exitCodes.failed;
}

async function list({ client, terminal }: CommandContext, id: string, { json }: Wishes) {
  const answer = await client.get<{ items: Json<DeliveryView>[] }>(`/runs/${id}/deliveries`);
  const none = "Nothing was delivered of this run.\n";
  const text = answer.items.map(writeDelivery).join("") || none;
  await terminal.write(json ? write(answer) : text);
  return exitCodes.success;
}

const write = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
