import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { commitAll, runGit, writeTree } from "@/server/workspaces/testing";

/** A bare repository with one commit on `main`, and a person's clone of it. */
export function makeBareOrigin(folder: string, name: string) {
  const bare = path.join(folder, `${name}.git`);
  const clone = path.join(folder, `${name}-clone`);
  mkdirSync(folder, { recursive: true });
  runGit(folder, "init", "-q", "--bare", "-b", "main", bare);
  runGit(folder, "clone", "-q", bare, clone);
  runGit(clone, "switch", "-q", "-C", "main");
  writeTree(clone, { "a.txt": "one\n" });
  commitAll(clone, "Base");
  runGit(clone, "push", "-q", "origin", "main");
  return {
    bare,
    clone,
    inBare: (...args: string[]) => runGit(bare, ...args),
    /** What a colleague pushes to `main` meanwhile. */
    pushByHand: (file: string, text: string) => {
      runGit(clone, "pull", "-q", "--rebase", "origin", "main");
      writeTree(clone, { [file]: text });
      const sha = commitAll(clone, `By hand: ${file}`);
      runGit(clone, "push", "-q", "origin", "main");
      return sha;
    },
    setHook: (hook: string, script: string | null) => {
      const file = path.join(bare, "hooks", hook);
      rmSync(file, { force: true });
      if (script === null) return;
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
    },
  };
}

/** A folder with an `ssh` that leads every host to bare repositories on this disk, as real git runs it. */
export function makeSsh(folder: string, repositories: string): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "ssh");
  const script = [
    "#!/bin/sh",
    "for last; do :; done",
    `cd '${repositories}' && exec sh -c "$last"`,
    "",
  ].join("\n");
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  return folder;
}

interface AskedOfGithub {
  method: string;
  path: string;
  body: Record<string, unknown> | null;
  authorization: string | undefined;
}

interface Pull {
  number: number;
  html_url: string;
  state: "open" | "closed";
  merged_at: string | null;
  title: string;
  body: string;
  head: string;
  base: string;
}

/** Answers about pull requests as GitHub documents it; `fail` makes the next answers other ones. */
export async function serveGithub() {
  const asked: AskedOfGithub[] = [];
  const pulls: Pull[] = [];
  const failures: { status: number; headers?: Record<string, string>; body: object }[] = [];
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const { method = "", url = "", headers } = request;
    asked.push({ method, path: url, body, authorization: headers.authorization });
    const failure = failures.shift();
    if (failure) answer(response, failure.status, failure.body, failure.headers);
    else answerPulls(pulls, request, body, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    pulls,
    failWith: (...next: typeof failures) => failures.push(...next),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function answerPulls(
  pulls: Pull[],
  { method, url = "", headers }: IncomingMessage,
  body: Record<string, unknown> | null,
  response: ServerResponse,
): void {
  const { pathname, searchParams } = new URL(url, "http://x");
  const asked = /^\/repos\/acme\/app\/pulls(?:\/(\d+))?$/.exec(pathname);
  const one = pulls.find((pull) => String(pull.number) === asked?.[1]);
  if (asked && method === "POST") {
    openPull(pulls, body ?? {}, response);
  } else if (asked && asked[1] === undefined) {
    const head = searchParams.get("head")?.replace(/^acme:/, "") ?? "";
    answer(response, 200, findOpen(pulls, head, searchParams.get("base") ?? ""));
  } else if (!one) {
    answer(response, 404, { message: "Not Found" });
  } else {
    if (method === "PATCH") Object.assign(one, body);
    const etag = `"${one.state}-${one.merged_at}-${one.title}"`;
    const isKnown = headers["if-none-match"] === etag;
    answer(response, isKnown ? 304 : 200, isKnown ? null : one, { etag });
  }
}

const findOpen = (pulls: Pull[], head: string, base: string) =>
  pulls.filter((pull) => pull.state === "open" && pull.head === head && pull.base === base);

function openPull(pulls: Pull[], body: Record<string, unknown>, response: ServerResponse): void {
  const { title, head, base } = body as { title: string; head: string; base: string };
  if (findOpen(pulls, head, base).length > 0) {
    const message = `A pull request already exists for acme:${head}.`;
    answer(response, 422, { message: "Validation Failed", errors: [{ message }] });
    return;
  }
  const number = pulls.length + 1;
  const html_url = `https://github.com/acme/app/pull/${number}`;
  const text = { title, head, base, body: String(body.body) };
  const pull: Pull = { number, html_url, state: "open", merged_at: null, ...text };
  pulls.push(pull);
  answer(response, 201, pull);
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown> | null> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text === "" ? null : JSON.parse(text);
}

function answer(
  response: ServerResponse,
  status: number,
  body: object | null,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body === null ? undefined : JSON.stringify(body));
}
