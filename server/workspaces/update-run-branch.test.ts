import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runIdSchema } from "@/server/domain/ids";
import { makeTestHome, openTestWorkspace, removeTestHome, runGit, type TestHome } from "./testing";
import { updateRunBranch } from "./update-run-branch";

let at: TestHome;
let place: Awaited<ReturnType<typeof openTestWorkspace>>;
beforeAll(async () => {
  at = makeTestHome();
  place = await openTestWorkspace(at);
});
afterAll(() => removeTestHome(at));

const shaOf = (ref: string) => runGit(place.mirror, "rev-parse", "--verify", ref);

test.each([
  ["below a branch that exists", "run", "run/x"],
  ["where branches exist below it", "side/x", "side"],
])(
  "keeps the work when its branch would stand %s, and leaves that one as it is",
  async (_, there, wanted) => {
    const { repositoryId } = place.input;
    const names = { home: at.home, repositoryId, headCommit: at.base, expected: null };
    const [theirs, mine] = [runIdSchema.parse(randomUUID()), runIdSchema.parse(randomUUID())];
    expect((await updateRunBranch({ ...names, runId: theirs, branch: there })).isMoved).toBe(true);
    const updated = await updateRunBranch({ ...names, runId: mine, branch: wanted });
    expect(updated).toMatchObject({ isMoved: false, notice: expect.stringContaining(wanted) });
    expect(shaOf(updated.ref)).toBe(at.base);
    expect(shaOf(`refs/heads/${there}`)).toBe(at.base);
  },
);
