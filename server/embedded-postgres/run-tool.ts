import { spawn } from "node:child_process";
import path from "node:path";
import type { Account } from "./choose-account";

export interface Tools {
  /** The folder that holds `bin`, `lib` and `share`. */
  folder: string;
  account: Account | null;
}

export interface ToolResult {
  exitCode: number | null;
  /** What it wrote to stdout and stderr; empty when output was not kept. */
  output: string;
}

/**
 * Runs one of PostgreSQL's own programs to its end, as the server's account.
 * `keepsOutput: false` is for `pg_ctl start`: the server inherits the streams, and a pipe would
 * never close.
 */
export function runTool(
  tools: Tools,
  name: "initdb" | "pg_ctl" | "postgres",
  args: string[],
  options: { keepsOutput: boolean } = { keepsOutput: true },
): Promise<ToolResult> {
  const program = process.platform === "win32" ? `${name}.exe` : name;
  const stream = options.keepsOutput ? "pipe" : "ignore";
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(tools.folder, "bin", program), args, {
      ...(tools.account && { uid: tools.account.uid, gid: tools.account.gid }),
      cwd: path.parse(process.cwd()).root, // ours may be closed to that account
      stdio: ["ignore", stream, stream],
      env: toolEnvironment(),
    });
    let output = "";
    const keep = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, output }));
  });
}

/** A fixed locale, and none of our variables: anyone on the host may read a server's environment. */
function toolEnvironment(): NodeJS.ProcessEnv {
  const inherited = process.platform === "win32" ? process.env : {};
  const { NODE_ENV, PATH } = process.env;
  return { ...inherited, NODE_ENV, PATH, LC_ALL: "C", LANG: "C", TZ: "UTC" };
}
