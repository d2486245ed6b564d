import { describe, expect, it } from "vitest";
import { BadInput } from "./errors";
import { parseBaseRef, parseBranchName, parseOrigin, printable } from "./git-names";
import { limits } from "./limits";

/** Names that git itself takes for options, ranges or code, or that it would refuse only later. */
const dangerous = [
  ...["--upload-pack=x", "-oProxyCommand=x", "-b", "-"],
  ...["a..b", "..", "../x", "a/../b", ".hidden", "a/.b", "a.", "a/", "/a", "a//b"],
  ...["a\nb", "a b", "a\tb", "a\u0000b", "a\u007fb", "", " "],
  ...["a;b", "a'b", 'a"b', "$(id)", "`id`", "a|b", "a&b", "a>b", "a*b", "a?b", "a[b"],
  ...["a~1", "a^", "a:b", "@{-1}", "a@{1}", "@", "a\\b", "ü", "a.lock", "a.lock/b"],
  ...["refs/heads/x", "HEAD", "coppice/keep/x", "x".repeat(201)],
];

describe("a branch name", () => {
  it.each(["main", "feature/x", "coppice/builder/42", "v1.2.3", "a_b-c.d", "0", "x".repeat(200)])(
    "may be %s",
    (name) => {
      expect(parseBranchName(name)).toBe(name);
    },
  );

  it.each(dangerous)("is never %j", (name) => {
    expect(() => parseBranchName(name)).toThrow(BadInput);
  });

  it("is refused with the field that holds it and the rule", () => {
    const error = refusalOf(() => parseBranchName("a..b", "defaultBranch"));

    expect(Object.keys(error.fields ?? {})).toEqual(["defaultBranch"]);
    expect(error.hint).toMatch(/letters, digits/);
  });
});

describe("a base", () => {
  it("may be a branch, a tag or a commit id", () => {
    for (const ref of ["main", "v1.0", "0123abc", "a".repeat(40), "b".repeat(64)]) {
      expect(parseBaseRef(ref)).toBe(ref);
    }
  });

  it.each(dangerous)("is never %j", (name) => {
    expect(() => parseBaseRef(name)).toThrow(BadInput);
  });
});

describe("an origin", () => {
  it("may be an absolute path", () => {
    expect(parseOrigin("/srv/git/app")).toEqual({ kind: "local", path: "/srv/git/app" });
  });

  it.each([
    ["https://git.example.com/team/app.git", "https", "git.example.com"],
    ["https://git.example.com:8443/app", "https", "git.example.com"],
    ["ssh://git@git.example.com/team/app.git", "ssh", "git.example.com"],
    ["ssh://git.example.com:2222/app", "ssh", "git.example.com"],
    ["git@git.example.com:team/app.git", "ssh", "git.example.com"],
  ])("may be %s", (url, kind, host) => {
    expect(parseOrigin(url)).toEqual({ kind, url, host });
  });

  it.each([
    ...["ext::sh -c id", "ext::sh%20-c%20id", "EXT::x", "fd::7", "fd::7/x", "transport::x"],
    ...["file:///srv/git/app", "FILE:///srv/git/app", "http://git.example.com/app", "git://h/app"],
    ...["ftp://h/app", "javascript://x/y", "ssh+git://h/app"],
    ...["--upload-pack=x", "-oProxyCommand=x", "-u"],
    ...["ssh://-oProxyCommand=x/app", "ssh://-oProxyCommand=x@h/app", "-x@h:app", "git@-h:app"],
    ...["git@h:-app", "h:app", "git@h:a b"],
    ...["https://user@h/app", "https://user:secret@h/app", "https://:secret@h/app"],
    ...["ssh://git:secret@h/app", "https://h", "https://h/", "https:///app", "https://"],
    ...["./app", "../app", "app", "~/app", "", " /srv/app"],
    ...["/srv/a\nb", "https://h/a\nb", "git@h:a\u0000b", "/srv/a\u007f"],
    `https://h/${"x".repeat(limits.maxOriginLength)}`,
  ])("is never %j", (text) => {
    const error = refusalOf(() => parseOrigin(text));

    expect(Object.keys(error.fields ?? {})).toEqual(["origin"]);
  });

  it("does not repeat a password in its refusal's reason", () => {
    const error = refusalOf(() => parseOrigin("https://user:secret@h/app"));

    expect(error.fields?.origin).not.toContain("secret");
  });

  it("is refused as an option before anything else is asked of it", () => {
    expect(refusalOf(() => parseOrigin("--upload-pack=x")).message).toContain("option");
    expect(refusalOf(() => parseOrigin("-oProxyCommand=x://h/y")).message).toContain("option");
  });

  it("names the scheme that it refuses", () => {
    expect(refusalOf(() => parseOrigin("ext::sh -c id")).message).toContain("“ext”");
  });
});

describe("untrusted text in a message", () => {
  it("is one short line without control characters", () => {
    expect(printable("a\nb\u001b[2J")).toBe("a\\nb\\u001b[2J");
    expect(printable("x".repeat(500)).length).toBeLessThanOrEqual(80);
  });
});

function refusalOf(act: () => unknown): BadInput {
  try {
    act();
  } catch (error) {
    if (error instanceof BadInput) return error;
    throw error;
  }
  throw new Error("it was taken");
}
