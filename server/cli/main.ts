import { openTerminal } from "./open-terminal";
import { runCli } from "./run-cli";

// The program behind `coppice`, except for the commands that start processes.
process.exitCode = await runCli(process.argv.slice(2), openTerminal());
