import { describe, expect, it } from "vitest";
import { StartRefused } from "./errors";
import { readSettings } from "./read-settings";

const read = (args: string[], env: Record<string, string>) =>
  readSettings(args, env as NodeJS.ProcessEnv);

describe("the settings", () => {
  it("are everything on loopback, port 3000, with the embedded database by default", () => {
    expect(read([], {})).toMatchObject({
      ...{ role: "all", isDev: false, host: "127.0.0.1", port: 3000, databaseUrl: null },
      ...{ localUrl: "http://127.0.0.1:3000", publicUrl: "http://127.0.0.1:3000" },
    });
  });

  it("treat an empty variable as one that is not set", () => {
    const empty = { PORT: "", HOST: "", DATABASE_URL: "", COPPICE_URL: "", COPPICE_HOME: "" };
    expect(read([], empty)).toEqual(read([], {}));
  });

  it.each(["web", "worker"])("refuse a lone %s without a shared database", (role) => {
    expect(() => read([role], {})).toThrow(/needs a database/);
    expect(read([role], { DATABASE_URL: "postgres://x/y" }).role).toBe(role);
  });

  it.each(["0", "70000", "abc", "3000x", "-1"])("refuse the port “%s”", (PORT) => {
    expect(() => read([], { PORT })).toThrow(StartRefused);
  });

  it("refuse an address that others reach, unless traffic is encrypted or somebody says so", () => {
    expect(() => read([], { HOST: "0.0.0.0" })).toThrow(/unencrypted/);
    expect(() => read([], { HOST: "192.168.1.4", COPPICE_URL: "http://x.example" })).toThrow();
    expect(read([], { HOST: "0.0.0.0", COPPICE_URL: "https://x.example/" }).publicUrl).toBe(
      "https://x.example",
    );
    expect(read([], { HOST: "0.0.0.0", COPPICE_ALLOW_INSECURE_HTTP: "1" }).host).toBe("0.0.0.0");
  });

  it("know loopback in each of its spellings", () => {
    for (const HOST of ["localhost", "::1", "127.0.0.2"])
      expect(read([], { HOST }).host).toBe(HOST);
    expect(read([], { HOST: "::1" }).localUrl).toBe("http://[::1]:3000");
  });

  it("refuse a public address that is no web address, and roles that do not exist", () => {
    expect(() => read([], { COPPICE_URL: "coppice.example" })).toThrow(/COPPICE_URL/);
    expect(() => read(["database"], {})).toThrow(/cannot|not something/);
  });
});
