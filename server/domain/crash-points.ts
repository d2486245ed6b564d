/**
 * The moments at which a process may be made to die on purpose: one at every act outside the
 * database, so that the crash tests can show what is found afterwards. Each names the process that
 * passes it.
 */
export const crashPoints = {
  "after:insert": { by: "web", when: "run committed, answer not sent" },
  "mid:stream": { by: "web", when: "events read for a reader, not yet sent" },
  "after:claim": { by: "worker", when: "claim committed, nothing made yet" },
  "mid:mirror": { by: "worker", when: "git fetches into the mirror" },
  "mid:workspace": { by: "worker", when: "the checkout is being written beside its place" },
  "after:workspace": { by: "worker", when: "workspace in its place, no process yet" },
  "after:keeper": { by: "worker", when: "keeper started, agent perhaps not yet" },
  "after:pid": { by: "worker", when: "agent waits for go, its pid is not recorded" },
  "after:begin": { by: "worker", when: "running is committed, go not given" },
  "after:go": { by: "worker", when: "go given" },
  "mid:run": { by: "worker", when: "agent works, all it wrote so far is stored" },
  "mid:events": {
    by: "worker",
    when: "a batch of output is committed, what follows it is not done",
  },
  "mid:handover": {
    by: "worker",
    when: "a message is committed for the agent's stdin, not written there",
  },
  "after:exit": { by: "worker", when: "the exit is seen, not recorded" },
  "after:collect": { by: "worker", when: "commits are in the mirror, under no ref" },
  "mid:snapshot": { by: "worker", when: "files are staged, the snapshot's commit is not made" },
  "after:snapshot": { by: "worker", when: "the snapshot has its ref, no row" },
  "mid:merge": {
    by: "worker",
    when: "what is to be delivered is made in the mirror, not recorded",
  },
  "before:push": { by: "worker", when: "what is to be pushed where is recorded, nothing pushed" },
  "after:push": { by: "worker", when: "the origin has it, that is not recorded" },
  "mid:finish": { by: "worker", when: "all work is collected, nothing of it recorded" },
  "after:finish": { by: "worker", when: "the end is committed" },
  "after:command-keeper": { by: "worker", when: "a command's keeper started, not let go" },
  "mid:command": { by: "worker", when: "a set-up, check or tear-down works" },
  "after:command": { by: "worker", when: "its exit is seen and its output stored, not its end" },
  "mid:pool": { by: "worker", when: "a spare checkout is half made" },
  "mid:cleanup": { by: "worker", when: "the workspace is captured, and not removed" },
  "mid:unlink": { by: "worker", when: "the workspace lies in the trash, its deletion begins" },
} as const satisfies Record<string, { by: "web" | "worker"; when: string }>;

export type CrashPoint = keyof typeof crashPoints;

interface Asked {
  point: CrashPoint;
  holdsAt: string | null;
}

const asked = readAsked(process.env);
let hasHeld = false;

/**
 * Does nothing but in a crash test (`COPPICE_TEST_CRASH=1`, never in production). There
 * `CRASH_AT=<point>` makes the process kill itself at that point at once, as nothing else could.
 * `CRASH_AT=<point>:hold` makes it wait there, the first time, until the file that it writes at
 * `COPPICE_CRASH_MARK` is removed: whoever looks can then kill something else at that very moment.
 */
export async function crashAt(point: CrashPoint): Promise<void> {
  if (asked?.point !== point || hasHeld) return;
  if (asked.holdsAt === null) {
    process.kill(process.pid, "SIGKILL");
    await new Promise(() => {}); // not one instruction more, however late the signal comes
  } else {
    hasHeld = true;
    await holdUntilRemoved(asked.holdsAt);
  }
}

/** @throws Error for a point that does not exist: a misspelt test would crash nothing and pass. */
function readAsked(environment: NodeJS.ProcessEnv): Asked | null {
  const { COPPICE_TEST_CRASH, NODE_ENV, CRASH_AT, COPPICE_CRASH_MARK } = environment;
  if (COPPICE_TEST_CRASH !== "1" || NODE_ENV === "production" || !CRASH_AT) return null;
  const point = CRASH_AT.replace(/:hold$/, "");
  if (!isCrashPoint(point)) throw new Error(`CRASH_AT names no crash point: ${CRASH_AT}`);
  if (point === CRASH_AT) return { point, holdsAt: null };
  if (!COPPICE_CRASH_MARK) throw new Error("CRASH_AT says hold; COPPICE_CRASH_MARK is not set.");
  return { point, holdsAt: COPPICE_CRASH_MARK };
}

function isCrashPoint(text: string): text is CrashPoint {
  return Object.hasOwn(crashPoints, text);
}

/** Not imported: what needs a built-in module of Node would no longer load in a browser. */
async function holdUntilRemoved(mark: string): Promise<void> {
  const { existsSync, writeFileSync } = process.getBuiltinModule("node:fs");
  writeFileSync(mark, `${process.pid}\n`);
  while (existsSync(mark)) await new Promise((resolve) => setTimeout(resolve, 5));
}
