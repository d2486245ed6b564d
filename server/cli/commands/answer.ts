import type {
  ConversationView,
  QuestionDecision,
  QuestionView,
} from "@/server/domain/conversation";
import type { Command } from "../command";
import { exitCodes } from "../exit-codes";
import { findRun } from "../find-run";
import type { Json, RestClient } from "../open-rest-client";
import { parseArguments, UsageError } from "../parse-arguments";

const options = {
  message: { type: "string", short: "m" },
  "in-session": { type: "boolean" },
  question: { type: "string" },
  json: { type: "boolean" },
} as const;

export const answer: Command = {
  name: "answer",
  summary: "Answer what a run's agent asks",
  help: `
Usage: coppice answer <run> [allow | deny] [options]

  -m, --message <text>   the reason of a denial, or the words that the agent asks for
  --in-session           allow this tool for the whole session
  --question <id>        which one, where several are open
  --json                 print the questions, or the answered one, as JSON

Without “allow” or “deny” it prints what is asked.
`,
  async carryOut({ terminal, client }, args) {
    const { values, positionals } = parseArguments(args, options, { least: 1, most: 2 });
    const [key = "", word] = positionals;
    const { run } = await findRun(client, key);
    const open = await listOpen(client, run.id);
    if (word === undefined) {
      const told = open.map(describe).join("") || `Run #${run.number} asks nothing.\n`;
      await terminal.write(values.json ? `${JSON.stringify(open, null, 2)}\n` : told);
      return exitCodes.success;
    }
    const question = choose(open, values.question, run.number);
    const answered = await client.send<Json<QuestionView>>(
      "POST",
      `/questions/${question.id}/answer`,
      { decision: readDecision(word, values["in-session"]), text: values.message },
    );
    const said = `“${answered.tool}” of run #${run.number} is ${answered.state}.\n`;
    await terminal.write(values.json ? `${JSON.stringify(answered, null, 2)}\n` : said);
    return exitCodes.success;
  },
};

async function listOpen(client: RestClient, runId: string): Promise<Json<QuestionView>[]> {
  const path = `/runs/${runId}/conversation`;
  const { questions } = await client.get<Json<ConversationView>>(path);
  return questions.filter(({ state }) => state === "open");
}

function readDecision(word: string, isForSession = false): QuestionDecision {
  if (word === "deny" && !isForSession) return "deny";
  if (word === "allow") return isForSession ? "allow_in_session" : "allow";
  throw new UsageError(`The answer is “allow” or “deny”, not “${word}”.`);
}

/** @throws UsageError when it is not clear which one is meant. */
function choose(
  open: Json<QuestionView>[],
  id: string | undefined,
  runNumber: number,
): Json<QuestionView> {
  const found = id === undefined ? open : open.filter((question) => question.id === id);
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  if (!only) throw new UsageError(`Run #${runNumber} asks nothing that could be answered.`);
  throw new UsageError(
    `Run #${runNumber} asks several things; say which: --question <id>.\n${found.map(describe).join("")}`,
  );
}

function describe({ id, tool, input, reason }: Json<QuestionView>): string {
  const what = input === null ? "" : ` ${JSON.stringify(input).slice(0, 500)}`;
  return `${id}  ${tool}${what}${reason ? `  (${reason})` : ""}\n`;
}
