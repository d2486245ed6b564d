import type { Command } from "./command";
import { agents } from "./commands/agents";
import { answer } from "./commands/answer";
import { cancel } from "./commands/cancel";
import { cleanup } from "./commands/cleanup";
import { deliver } from "./commands/deliver";
import { doctor } from "./commands/doctor";
import { interrupt } from "./commands/interrupt";
import { list } from "./commands/list";
import { output } from "./commands/output";
import { repo } from "./commands/repo";
import { rerun } from "./commands/rerun";
import { restore } from "./commands/restore";
import { run } from "./commands/run";
import { secret } from "./commands/secret";
import { show } from "./commands/show";
import { steer } from "./commands/steer";
import { usage } from "./commands/usage";
import { work } from "./commands/work";
import { workers } from "./commands/workers";
import { workflow } from "./commands/workflow";
import { workspaces } from "./commands/workspaces";

/** In the order in which a newcomer needs them. */
export const commands: readonly Command[] = [
  repo,
  workflow,
  secret,
  run,
  show,
  list,
  output,
  steer,
  interrupt,
  answer,
  cancel,
  rerun,
  deliver,
  restore,
  work,
  usage,
  workspaces,
  workers,
  agents,
  cleanup,
  doctor,
];

export function findCommand(name: string): Command | undefined {
  return commands.find((command) => command.name === name);
}
