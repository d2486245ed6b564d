import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { giveGo } from "./agent-stdin";
import { type IsolationFacts, probeIsolation, runProbes } from "./probe-isolation";
import { waitForReady } from "./read-control";
import { agentCommand, confineWith, programFolders } from "./sandbox";
import {
  makeTrialAttempt,
  noIsolation,
  readOutput,
  startTrial,
  type TrialAttempt,
  waitForExit,
} from "./testing";

let attempt: TrialAttempt;
let facts: IsolationFacts;
beforeAll(async () => {
  attempt = makeTrialAttempt();
  facts = await probeIsolation();
});
afterAll(() => rmSync(attempt.home, { recursive: true, force: true }));

const paths = () => ({
  workspacePath: attempt.workspace,
  homePath: attempt.homePath,
  temporaryPath: attempt.temporaryPath,
  mirrorObjectsPath: null,
});

describe("agentCommand", () => {
  it("confines agent CLIs by default and shell commands not", () => {
    const plan = (kind: "shell" | "claude-code", sandbox: "auto" | "on" | "off") =>
      agentCommand({ argv: ["/bin/true"], isolation: working, sandbox, kind, ...paths() });
    const working: IsolationFacts = {
      isolation: "bubblewrap",
      bubblewrap: { path: "/usr/bin/bwrap", version: "0" },
      unshare: null,
      why: "",
    };
    expect(plan("claude-code", "auto")).toMatchObject({
      isolation: "bubblewrap",
      isSandboxed: true,
    });
    expect(plan("claude-code", "off")).toMatchObject({
      isolation: "pid-namespace",
      isSandboxed: false,
    });
    expect(plan("shell", "auto")).toMatchObject({ isolation: "pid-namespace", isSandboxed: false });
    expect(plan("shell", "on")).toMatchObject({ isolation: "bubblewrap", isSandboxed: true });
  });

  it("refuses a demanded sandbox that cannot be made, and says what to do", () => {
    const demand = () =>
      agentCommand({
        argv: ["/bin/true"],
        isolation: noIsolation,
        sandbox: "on",
        kind: "shell",
        ...paths(),
      });
    expect(demand).toThrow(/demands a sandbox/);
    const auto = agentCommand({
      argv: ["/bin/true"],
      isolation: noIsolation,
      sandbox: "auto",
      kind: "claude-code",
      ...paths(),
    });
    expect(auto).toMatchObject({ isolation: "none", isSandboxed: false });
  });

  it("shows the agent its own folders and nothing else of the host", async () => {
    if (!facts.bubblewrap) return expect(facts.why).toMatch(/bubblewrap/);
    writeFileSync(join(attempt.home, "outside"), "outside");
    const objects = join(attempt.home, "repositories", "r.git", "objects");
    mkdirSync(objects, { recursive: true });
    writeFileSync(join(objects, "pack"), "pack");
    const core = "/proc/sys/kernel/core_pattern";
    const command = [
      `cat ${attempt.home}/outside`,
      `ls ${attempt.control} ${homedir()}`,
      `cat /etc/shadow; ls /etc/ssl/private`,
      `v=$(cat ${core}); echo "$v" > ${core} && echo BROKE-OUT`,
      `touch ${objects}/x; cat ${objects}/pack; echo`,
      `touch "$HOME/h" "$TMPDIR/t" w /tmp/p && echo WROTE`,
      `grep -c . /proc/[0-9]*/comm; git --version; node --version`,
    ].join("; ");
    const plan = agentCommand({
      argv: ["/bin/bash", "-c", command],
      isolation: facts,
      sandbox: "on",
      kind: "shell",
      ...paths(),
      mirrorObjectsPath: objects,
    });
    const { startKeeper } = await import("./start-keeper");
    await startKeeper({
      controlPath: attempt.control,
      argv: plan.argv,
      environment: attempt.environment,
      streams: "shared",
    });
    await waitForReady(attempt.control, { timeoutSeconds: 10 });
    await giveGo(attempt.control);
    await waitForExit(attempt.control);
    const output = readOutput(attempt.control);
    expect(output).not.toContain("outside\n");
    expect(output).toMatch(/outside: No such file/);
    expect(output).toMatch(/shadow: No such file/);
    expect(output).not.toContain("BROKE-OUT");
    expect(output).toMatch(/objects\/x'?: Read-only file system/);
    expect(output).toContain("pack");
    expect(output).toContain("WROTE");
    expect(output.match(/\/proc\/\d+\/comm/g)?.length).toBeLessThan(8);
    expect(output).toMatch(/git version/);
    expect(output).toContain(process.version);
  });

  it("starts a program that is installed anywhere", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "coppice-tools-"));
    const program = join(elsewhere, "bin", "tool");
    mkdirSync(dirname(program));
    writeFileSync(program, "#!/usr/bin/env node\nconsole.log('tool ran')\n", { mode: 0o755 });
    const other = makeTrialAttempt();
    await startTrial(other, {
      argv: [program],
      isolation: facts,
      sandbox: facts.bubblewrap ? "on" : "off",
    });
    await waitForReady(other.control, { timeoutSeconds: 10 });
    await giveGo(other.control);
    await waitForExit(other.control);
    expect(readOutput(other.control)).toContain("tool ran");
    for (const folder of [elsewhere, other.home]) rmSync(folder, { recursive: true, force: true });
  });
});

describe("programFolders", () => {
  it("never names the whole host or a home", () => {
    for (const program of ["/bin/sh", "/usr/bin/git", process.execPath, "bash"]) {
      expect(programFolders(program)).not.toContain("/");
      expect(programFolders(program)).not.toContain(homedir());
    }
  });

  it("names the whole node_modules of a package", () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "coppice-tools-")));
    const program = join(root, "node_modules", "p", "cli.js");
    mkdirSync(dirname(program), { recursive: true });
    writeFileSync(program, "");
    expect(programFolders(program)).toContain(join(root, "node_modules"));
    rmSync(root, { recursive: true });
  });
});

describe("confineWith", () => {
  it("lets a command write what it may, and neither more nor onto the network", () => {
    if (!facts.bubblewrap) return expect(confineWith(facts)(["true"], noAccess)).toEqual(["true"]);
    const folder = mkdtempSync(join(tmpdir(), "coppice-confine-"));
    const inside = join(folder, "inside");
    mkdirSync(join(inside, "fixed"), { recursive: true });
    const access = { readWrite: [inside], readOnly: [join(inside, "fixed")], network: false };
    const script = `echo a > ${inside}/a; echo b > ${inside}/fixed/b; echo c > ${folder}/c; cat /proc/net/dev | wc -l`;
    const [program = "", ...args] = confineWith(facts)(["/bin/sh", "-c", script], access);
    const output = execFileSync(program, args, { stdio: ["ignore", "pipe", "ignore"] }).toString();
    expect(output.trim()).toBe("3");
    expect(readFileSync(join(inside, "a"), "utf8")).toBe("a\n");
    expect(() => readFileSync(join(inside, "fixed", "b"))).toThrow(/ENOENT/);
    expect(() => readFileSync(join(folder, "c"))).toThrow(/ENOENT/);
    rmSync(folder, { recursive: true });
  });

  it("gives the command back as it is where nothing can confine", () => {
    expect(confineWith(noIsolation)(["git", "status"], noAccess)).toEqual(["git", "status"]);
  });
});

const noAccess = { readWrite: [], readOnly: [], network: false };

describe("runProbes", () => {
  it("finds nothing, and says so, on a host without the tools", async () => {
    const none = await runProbes("/nonexistent");
    expect(none).toMatchObject({ isolation: "none", bubblewrap: null, unshare: null });
    expect(none.why).toMatch(/bubblewrap is not installed/);
  });
});
