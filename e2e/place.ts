import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

// Playwright reads its configuration again in each of its workers; they inherit what the first
// read chose.
if (process.env.COPPICE_E2E_HOME === undefined) {
  const home = mkdtempSync(path.join(tmpdir(), "coppice-e2e-"));
  process.env.COPPICE_E2E_HOME = home;
  process.on("exit", () => rmSync(home, { recursive: true, force: true }));
}

/** Where the Coppice under test is. */
export const e2e = {
  port: Number(process.env.E2E_PORT ?? 3199),
  home: path.join(process.env.COPPICE_E2E_HOME, "home"),
  token: "cop_e2e0123456789abcdef0123456789abcdef01234",
  /** The sign-in of the first account, kept by the set-up test for all others. */
  signInFile: path.join(process.env.COPPICE_E2E_HOME, "sign-in.json"),
  account: { name: "Ada Admin", email: "ada@example.org", password: "correct-horse-battery" },
};

export const baseUrl = `http://127.0.0.1:${e2e.port}`;
