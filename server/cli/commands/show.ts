import type { RunEvidence } from "@/server/domain/evidence";
import type { Command } from "../command";
import { exitCodes } from "../exit-codes";
import { findRun } from "../find-run";
import type { Json } from "../open-rest-client";
import { paintFor } from "../paint";
import { parseArguments } from "../parse-arguments";
import { writeEvidence } from "../write-evidence";
import { writeRun } from "../write-run";

const options = { json: { type: "boolean" } } as const;

export const show: Command = {
  name: "show",
  summary: "Show the run to which any id leads",
  help: `
Usage: coppice show <any id> [--json]

Takes the id of a run, session, agent session, attempt or workspace, the first digits of an id or of a
commit, a branch, a path, a pid, or #number. Of several runs it shows the live or the newest one. Below
it stands what its status rests on: who moved it, what was last seen of its processes, and when.
`,
  async carryOut({ terminal, client }, args) {
    const { values, positionals } = parseArguments(args, options, { least: 1 });
    const { run, matched, others } = await findRun(client, positionals[0] ?? "");
    if (matched && others.length > 0) {
      const numbers = others.map((hit) => `#${hit.run.number}`).join(", ");
      terminal.complain(`Found by ${matched}. It leads to ${numbers} too.`);
    }
    const evidence = await client.get<Json<RunEvidence>>(`/runs/${run.id}/evidence`);
    const paint = paintFor(terminal);
    await terminal.write(
      values.json
        ? `${JSON.stringify({ ...run, evidence }, null, 2)}\n`
        : `${writeRun(run, { paint, url: client.url })}\n${writeEvidence(evidence, paint)}`,
    );
    return exitCodes.success;
  },
};
