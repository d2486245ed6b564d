import { setTimeout as delay } from "node:timers/promises";
import type { CleanupItemView, CleanupView } from "@/server/domain/cleanup";
import type { DiskView } from "@/server/domain/cleanup-views";
import type { Command, CommandContext } from "../command";
import { exitCodes } from "../exit-codes";
import type { Json } from "../open-rest-client";
import { paintFor } from "../paint";
import { parseArguments, UsageError } from "../parse-arguments";
import { readAllPages } from "../read-all-pages";
import { writeSize } from "../write-size";
import { writeTable } from "../write-table";

const options = {
  "dry-run": { type: "boolean" },
  yes: { type: "boolean" },
  repo: { type: "string" },
  json: { type: "boolean" },
} as const;

export const cleanup: Command = {
  name: "cleanup",
  summary: "Show what retention would remove, and remove it",
  help: `
Usage: coppice cleanup [--dry-run] [--repo <name>] [--json]
       coppice cleanup --yes [--repo <name>] [--json]

Without --yes nothing is removed: it lists what is due, how much it takes and why, and what is due but
stays because work would be lost. With --yes the same list is carried out, each thing only after its
work was proved to be stored. Exits with 1 when something failed.
`,
  async carryOut(context, args) {
    const { values } = parseArguments(args, options);
    if (values.yes && values["dry-run"]) throw new UsageError("Give --dry-run or --yes, not both.");
    const { client, terminal } = context;
    const planned = await client.send<Json<CleanupView>>("POST", "/cleanups", {
      repository: values.repo,
    });
    if (!values.yes) {
      await show(context, planned, Boolean(values.json));
      return exitCodes.success;
    }
    let now = await client.send<Json<CleanupView>>("POST", `/cleanups/${planned.id}/carry-out`, {});
    while (now.status === "running") {
      await delay(terminal.pollMs);
      now = await client.get<Json<CleanupView>>(`/cleanups/${planned.id}`);
    }
    await show(context, now, Boolean(values.json));
    return now.failed > 0 ? exitCodes.error : exitCodes.success;
  },
};

async function show(
  { client, terminal }: CommandContext,
  cleanup: Json<CleanupView>,
  isJson: boolean,
): Promise<void> {
  const items = await readAllPages<Json<CleanupItemView>>(client, `/cleanups/${cleanup.id}/items`);
  const disks = (await client.get<{ items: Json<DiskView>[] }>("/disks")).items;
  if (isJson) {
    await terminal.write(`${JSON.stringify({ cleanup, items, disks }, null, 2)}\n`);
    return;
  }
  if (items.length > 0) {
    const layout = { paint: paintFor(terminal), width: terminal.columns };
    await terminal.write(writeTable(items, columns, layout));
  }
  await terminal.write(`${[...disks.map(tellDisk), tellCleanup(cleanup)].join("\n")}\n`);
}

type Item = Json<CleanupItemView>;
const columns = [
  { title: "STATUS", read: ({ status }: Item) => status },
  { title: "KIND", read: ({ kind }: Item) => kind },
  { title: "RUN", read: ({ run }: Item) => (run ? `#${run.number}` : "") },
  { title: "REPOSITORY", read: ({ repository }: Item) => repository },
  { title: "HOST", read: ({ worker }: Item) => worker ?? "" },
  {
    title: "SIZE",
    read: ({ freedBytes, bytes }: Item) => writeSize(freedBytes ?? bytes),
    isRight: true,
  },
  {
    title: "WHY",
    read: ({ reason, why, loses }: Item) => [why, ...loses, reason].filter(Boolean).join(" · "),
  },
];

function tellCleanup(cleanup: Json<CleanupView>): string {
  const { status, planned, plannedBytes, blocked, removed, kept, failed, freedBytes } = cleanup;
  const stays = blocked > 0 ? `; ${blocked} stay although they are due` : "";
  const more = cleanup.isCut ? " More is due: run it again afterwards." : "";
  if (status === "reported") {
    const what = planned === 0 ? "Nothing is due" : `${planned} due, ${writeSize(plannedBytes)}`;
    const next = planned > 0 ? " Nothing was removed; “coppice cleanup --yes” does it." : "";
    return `${what}${stays}.${next}${more}`;
  }
  const rest = [kept > 0 ? `${kept} kept` : "", failed > 0 ? `${failed} failed` : ""]
    .filter(Boolean)
    .join(", ");
  return `Cleanup ${status}: ${removed} removed, ${writeSize(freedBytes)} freed${rest ? `, ${rest}` : ""}${stays}.${more}`;
}

function tellDisk({ worker, freeBytes, totalBytes, forecast, shortage }: Json<DiskView>) {
  const days = forecast?.daysLeft;
  const left = days ? `, full in about ${Math.max(1, Math.round(days))} days` : "";
  const low = shortage ? " – too little: it takes no new runs" : "";
  return `Disk of ${worker}: ${writeSize(freeBytes)} of ${writeSize(totalBytes)} free${left}${low}`;
}
